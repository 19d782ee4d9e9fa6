package batchtest

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// store is what the server knows by name or id.
type store struct {
	images       map[string]Image
	definitions  map[string][]*definition // the revisions of each name, from 1
	environments map[string]*environment
	queues       map[string]*queue
	policies     map[string]*types.SchedulingPolicyDetail // which do not change: an update puts another in its place
	consumables  map[string]*consumable
	jobs         map[string]*job // without children of arrays
	submitted    []*job          // the same in order of submission

	tags map[string]map[string]string // that were changed, by ARN
}

func newStore() store {
	return store{
		images:       map[string]Image{},
		definitions:  map[string][]*definition{},
		environments: map[string]*environment{},
		queues:       map[string]*queue{},
		policies:     map[string]*types.SchedulingPolicyDetail{},
		consumables:  map[string]*consumable{},
		jobs:         map[string]*job{},
		tags:         map[string]map[string]string{},
	}
}

const defaultName = "default"

// createDefaults makes the queue that is there from the start.
func (s *Server) createDefaults() {
	e := &environment{
		runs: validate.All,
		detail: types.ComputeEnvironmentDetail{
			ComputeEnvironmentArn:      aws.String(s.arn(kindEnvironment, defaultName)),
			ComputeEnvironmentName:     aws.String(defaultName),
			ContainerOrchestrationType: types.OrchestrationTypeEcs,
			EcsClusterArn:              aws.String(s.clusterARN()),
			State:                      types.CEStateEnabled,
			Status:                     types.CEStatusValid,
			StatusReason:               aws.String(healthy),
			Tags:                       map[string]string{},
			Type:                       types.CETypeManaged,
			Uuid:                       aws.String(s.environmentID(defaultName)),
		},
	}
	s.newPool(e)
	e.pool.jobs, e.pool.max = true, int64(s.settings.capacity)*wholeCPU
	s.environments[defaultName] = e
	s.open(&queue{
		pools: []*pool{e.pool},
		detail: types.JobQueueDetail{
			JobQueueArn:             aws.String(s.arn(kindQueue, defaultName)),
			JobQueueName:            aws.String(defaultName),
			JobQueueType:            types.JobQueueTypeEcs,
			Priority:                aws.Int32(1),
			State:                   types.JQStateEnabled,
			Status:                  types.JQStatusValid,
			StatusReason:            aws.String("JobQueue Healthy"),
			ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: e.detail.ComputeEnvironmentArn, Order: aws.Int32(1)}},
			Tags:                    map[string]string{},
		},
	})
}

// resourceName is the form of the names of all that is given one.
var resourceName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)

// named returns what references name, without what is not there, or
// everything when there is no reference: each once, in the order of keys, as
// pages need it.
func named[T any](references []string, lookup func(string) (T, bool), all map[string]T, key func(T) string) []T {
	var out []T
	for _, r := range references {
		if v, ok := lookup(r); ok {
			out = append(out, v)
		}
	}
	if len(references) == 0 {
		out = slices.Collect(maps.Values(all))
	}
	slices.SortFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return slices.CompactFunc(out, func(a, b T) bool { return key(a) == key(b) })
}
