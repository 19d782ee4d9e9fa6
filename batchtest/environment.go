package batchtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// An environment is a compute environment. It does not change: an update puts
// another in its place.
type environment struct {
	detail types.ComputeEnvironmentDetail
	runs   validate.Platforms
	pool   *pool // the same after an update
}

func (e *environment) enabled() bool { return e.detail.State == types.CEStateEnabled }

// offers reports whether the environment has all that jobs of a platform need.
func (e *environment) offers(platform validate.Platforms) bool { return e.runs&platform == platform }

// sameCluster reports whether pods for one environment can run in the other.
func (e *environment) sameCluster(other *environment) bool {
	a, b := e.detail.EksConfiguration, other.detail.EksConfiguration
	if a == nil || b == nil {
		return a == b
	}
	return aws.ToString(a.EksClusterArn) == aws.ToString(b.EksClusterArn) && aws.ToString(a.KubernetesNamespace) == aws.ToString(b.KubernetesNamespace)
}

// environment returns the compute environment with a name or ARN. The caller
// holds mu.
func (s *Server) environment(reference string) (*environment, bool) {
	name, ok := s.nameOf(kindEnvironment, reference)
	e, found := s.environments[name]
	return e, ok && found
}

const healthy = "ComputeEnvironment Healthy"
