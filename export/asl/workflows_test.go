package asl_test

import (
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
)

const queue = "default"

// The images say what they do: ok succeeds, bad fails.
var (
	single = batchkit.Define("single", batchkit.EC2("ok").VCPU(1).Memory(64*batchkit.MiB))
	broken = batchkit.Define("broken", batchkit.EC2("bad").VCPU(1).Memory(64*batchkit.MiB))
	multi  = batchkit.Define("multi", ecsprops.EC2(
		ecsprops.Essential("app", "ok").VCPU(1).Memory(64*batchkit.MiB),
		ecsprops.NonEssential("side", "ok").VCPU(1).Memory(64*batchkit.MiB),
	))
	multiBad = batchkit.Define("multi-bad", ecsprops.EC2(
		ecsprops.Essential("app", "bad").VCPU(1).Memory(64*batchkit.MiB),
		ecsprops.NonEssential("side", "ok").VCPU(1).Memory(64*batchkit.MiB),
	))
	pod   = batchkit.Define("pod", eksprops.Pod(eksprops.App("app", "ok").CPU(1).Memory(64*batchkit.MiB)))
	nodes = batchkit.Define("nodes", batchkit.Nodes(
		batchkit.Main(batchkit.EC2("ok").VCPU(1).Memory(64*batchkit.MiB)),
		batchkit.Workers(1, batchkit.EC2("ok").VCPU(1).Memory(64*batchkit.MiB)),
	))
)

// kinds is a job of each kind, one after another and side by side.
func kinds() *batchkit.Workflow {
	w := batchkit.NewWorkflow("kinds")
	first := w.Add(batchkit.Job("single", queue, single).Override(batchkit.ContainerOverride{}.Env("lower", "Upper")))
	several := w.Add(batchkit.Job("multi", queue, multi).Tag("team:a", "b").Param("Input", "x"), batchkit.After(first))
	pods := w.Add(batchkit.Job("pod", queue, pod), batchkit.After(first))
	w.Add(batchkit.Job("nodes", queue, nodes), batchkit.After(several, pods))
	return w
}

// zigzag is an order that is not made of sequences and parallel branches: d waits for b and c, e for c only.
func zigzag() *batchkit.Workflow {
	w := batchkit.NewWorkflow("zigzag")
	b := w.Add(batchkit.Job("b", queue, multi))
	c := w.Add(batchkit.Job("c", queue, multi))
	w.Add(batchkit.Job("d", queue, multi), batchkit.After(b, c))
	w.Add(batchkit.Job("e", queue, multi), batchkit.After(c))
	return w
}

// arrays are tied index by index, with a job in between that has to come along.
func arrays() *batchkit.Workflow { return arraysOf(single, multi) }

func arraysOf(definition batchkit.Definition[batchkit.ContainerOverride], array batchkit.Definition[ecsprops.Overrides]) *batchkit.Workflow {
	w := batchkit.NewWorkflow("arrays")
	first := w.Add(batchkit.Job("first", queue, definition))
	a := w.Add(batchkit.Job("a", queue, array).Array(3), batchkit.After(first))
	between := w.Add(batchkit.Job("between", queue, multi), batchkit.After(a))
	b := w.Add(batchkit.Job("b", queue, single).Array(3), batchkit.NToN(a), batchkit.After(between))
	w.Add(batchkit.Job("last", queue, single).Array(2), batchkit.After(b), batchkit.Sequential())
	return w
}

// gated cleans up after a failure, and tells of it.
func gated() *batchkit.Workflow {
	w := batchkit.NewWorkflow("gated")
	work := w.Add(batchkit.Job("work", queue, multiBad))
	other := w.Add(batchkit.Job("other", queue, single))
	w.Add(batchkit.Job("publish", queue, multi), batchkit.After(work, other))
	w.Add(batchkit.Job("clean-up", queue, single), batchkit.AfterEnd(work))
	w.Add(batchkit.Job("alarm", queue, multi), batchkit.AfterFailure(work))
	praise := w.Add(batchkit.Job("excuse", queue, single), batchkit.AfterFailure(other))
	w.Add(batchkit.Job("after-excuse", queue, single), batchkit.After(praise))
	return w
}

// fallback has a second way, and an alarm for when that fails too.
func fallback() *batchkit.Workflow {
	w := batchkit.NewWorkflow("fallback")
	second := w.Add(batchkit.Job("second", queue, multi), batchkit.AfterFailure(w.Add(batchkit.Job("first", queue, multi))))
	w.Add(batchkit.Job("alarm", queue, single), batchkit.AfterFailure(second))
	return w
}
