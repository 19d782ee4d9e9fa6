package batchtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kinds of resources, as they stand in ARNs.
const (
	kindDefinition  = "job-definition"
	kindQueue       = "job-queue"
	kindEnvironment = "compute-environment"
	kindJob         = "job"
	kindPolicy      = "scheduling-policy"
	kindConsumable  = "consumable-resource"
)

// partitions are by how the names of their regions begin. All others are in aws.
var partitions = []struct{ prefix, name string }{
	{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"}, {"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"}, {"eusc-", "aws-eusc"},
}

// arnsOf returns how the ARNs of a service begin.
func (s *settings) arnsOf(service string) string {
	partition := "aws"
	for _, p := range partitions {
		if strings.HasPrefix(s.region, p.prefix) {
			partition = p.name
		}
	}
	return "arn:" + partition + ":" + service + ":" + s.region + ":" + s.account + ":"
}

// arn returns the ARN of an AWS Batch resource.
func (s *Server) arn(kind, name string) string { return s.settings.batchARNs + kind + "/" + name }

// ecsARN returns the ARN of a resource of Amazon ECS, which runs the tasks.
func (s *Server) ecsARN(resource string) string { return s.settings.ecsARNs + resource }

func (s *Server) clusterARN() string       { return s.ecsARN("cluster/" + clusterName) }
func (s *Server) taskARN(id string) string { return s.ecsARN("task/" + clusterName + "/" + id) }

// instanceARN is that of an emulated host.
func (s *Server) instanceARN(host int) string {
	return s.ecsARN(fmt.Sprintf("container-instance/%s/%032x", clusterName, host+1))
}

// clusterName is the cluster behind compute environments that name none.
const clusterName = "batchtest"

func isARN(s string) bool { return strings.HasPrefix(s, "arn:") }

// nameOf returns the name in a reference to a resource of this account and
// region: a name stands for itself. It is not ok when an ARN is of another
// kind or place.
func (s *Server) nameOf(kind, reference string) (name string, ok bool) {
	if !isARN(reference) {
		return reference, true
	}
	return strings.CutPrefix(reference, s.arn(kind, ""))
}

// isDefinitionARN reports whether s is the ARN of a job definition anywhere.
func isDefinitionARN(s string) bool {
	part := strings.SplitN(s, ":", 6)
	return len(part) == 6 && part[2] == "batch" && strings.HasPrefix(part[5], kindDefinition+"/")
}

func withRevision(name string, revision int) string { return name + ":" + strconv.Itoa(revision) }

// splitRevision takes name:revision apart. Without a revision it is 0, and one that
// is too large for a number is the largest there is; it is not ok when what follows
// the colon is no positive number.
func splitRevision(reference string) (name string, revision int, ok bool) {
	name, digits, found := strings.Cut(reference, ":")
	if !found {
		return name, 0, true
	}
	revision, err := strconv.Atoi(digits)
	return name, revision, (err == nil || errors.Is(err, strconv.ErrRange)) && revision > 0 && digits[0] != '+'
}
