package batchtest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// work is what was submitted, with overrides merged and parameters
// substituted. Children and nodes share it with their job. After submission it
// does not change.
type work struct {
	id, name    string
	serial      int // in order of submission
	job         *job
	queue       *queue
	environment *environment // it was submitted for
	definition  *definition
	input       *batch.SubmitJobInput
	parameters  map[string]string
	dependsOn   []types.JobDependency
	sequential  bool
	retry       retry
	timeout     time.Duration // 0 for none
	spec        *taskSpec     // nil for a multi-node parallel job
	nodes       *nodeSpecs    // of a multi-node parallel job
	fault       string        // why an attempt cannot be started, empty if it can
	needs       []need        // consumable resources, for each attempt
	share       *share        // nil without a fair-share policy
	lane        *lane         // in which the job and its children wait, once one has
}

// newWork makes the work of a submission that was found valid.
func newWork(in *batch.SubmitJobInput, d *definition, q *queue, e *environment) (*work, error) {
	w := &work{
		name: *in.JobName, queue: q, environment: e, definition: d, input: in, dependsOn: in.DependsOn,
		parameters: d.detail.Parameters,
	}
	if len(in.Parameters) > 0 {
		w.parameters = maps.Clone(d.detail.Parameters)
		maps.Copy(w.parameters, in.Parameters)
	}
	w.retry = newRetry(d.input.RetryStrategy)
	if in.RetryStrategy != nil {
		w.retry = newRetry(in.RetryStrategy)
	}
	if t := w.jobTimeout(); t != nil {
		w.timeout = time.Duration(aws.ToInt32(t.AttemptDurationSeconds)) * time.Second
	}
	w.require(d.input.ConsumableResourceProperties, in.ConsumableResourcePropertiesOverride)
	var err error
	if d.detail.NodeProperties != nil {
		w.nodes, err = w.nodeSpecs(d.detail.NodeProperties)
		if err == nil {
			w.requireForNodes()
		}
		return w, err
	}
	if d.spec != nil && in.ContainerOverrides == nil && in.EcsPropertiesOverride == nil {
		w.spec = d.spec
		return w, nil
	}
	w.spec, err = w.taskSpec(d.payload().overridden(overrides{in.ContainerOverrides, in.EcsPropertiesOverride, in.EksPropertiesOverride}))
	return w, err
}

func (w *work) jobTimeout() *types.JobTimeout {
	if w.input.Timeout != nil {
		return w.input.Timeout
	}
	return w.definition.input.Timeout
}

// substitute puts the values of parameters in the place of Ref::name words.
func (w *work) substitute(command []string) ([]string, error) {
	out := slices.Clone(command)
	for i, word := range command {
		name, ok := strings.CutPrefix(word, "Ref::")
		if !ok {
			continue
		}
		value, given := w.parameters[name]
		if !given {
			return nil, refuse("Unable to substitute value. No parameter found for reference %s", name)
		}
		out[i] = value
	}
	return out, nil
}

// fargate reports whether the job runs on Fargate.
func (w *work) fargate() bool { return w.definition.platform == validate.Fargate }
