package main

import (
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
)

const (
	queue     = "default"
	followers = 12

	fetchImage    = "acme/fetch:1"
	leaderImage   = "acme/leader:1"
	followerImage = "acme/follower:1"
)

// leaderDefinition is a job of two containers: one fetches the catalogue into a shared volume, and when it has
// succeeded the leader makes the list of work out of it.
var leaderDefinition = batchkit.Define("leader", ecsprops.EC2(fetch, leader).Volume("inbox")).
	Param("lines", "12").
	Timeout(10 * time.Minute)

var fetch = ecsprops.NonEssential("fetch", fetchImage).
	VCPU(1).Memory(256*batchkit.MiB).
	Mount("inbox", "/inbox").
	Command("fetch", "/inbox/catalogue.txt", "Ref::lines")

var leader = ecsprops.Essential("leader", leaderImage).
	VCPU(1).Memory(512*batchkit.MiB).
	Mount("inbox", "/inbox").
	AfterSuccess(fetch).
	Command("lead", "/inbox/catalogue.txt")

// followerDefinition is a plain container. Its jobs are arrays.
var followerDefinition = batchkit.Define("follower",
	batchkit.EC2(followerImage).VCPU(1).Memory(512*batchkit.MiB).Command("follow")).
	Retry(2).
	Timeout(10 * time.Minute)

// leaderFollower is the workflow: the followers start when the leader has succeeded.
func leaderFollower(store, lines string) *batchkit.Workflow {
	wf := batchkit.NewWorkflow("leader-follower")
	leader := wf.Add(batchkit.Job("leader", queue, leaderDefinition).
		Param("lines", lines).
		Override(ecsprops.Override(ecsprops.For("leader").Env("STORE", store))))
	wf.Add(batchkit.Job("follower", queue, followerDefinition).
		Array(followers).
		Override(batchkit.Override().Env("STORE", store)), batchkit.After(leader))
	return wf
}

// workshop is the same with a dependency of a type that is meant for two arrays of one size.
func workshop(store string) *batchkit.Workflow {
	wf := batchkit.NewWorkflow("workshop")
	leader := wf.Add(batchkit.Job("leader", queue, leaderDefinition).
		Override(ecsprops.Override(ecsprops.For("leader").Env("STORE", store))))
	wf.Add(batchkit.Job("follower", queue, followerDefinition).
		Array(followers).
		Override(batchkit.Override().Env("STORE", store)), batchkit.NToN(leader))
	return wf
}
