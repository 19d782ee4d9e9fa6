package batchtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// reserved is how the variables begin that AWS Batch sets itself. Others of
// that kind are accepted and never reach the container.
const reserved = "AWS_BATCH"

// Environ returns the container's environment as NAME=value, in the order of
// the definition, then overrides, then what AWS Batch sets. Secrets are not in
// it: there is no store they could come from. The address of the main node of a
// multi-node parallel job is that of this machine, on which all nodes run. The
// slice is the caller's.
func (c *Container) Environ() []string {
	j := c.task.job
	env := make([]string, 0, len(c.spec.environment)+9)
	for _, kv := range c.spec.environment {
		if name := aws.ToString(kv.Name); !strings.HasPrefix(name, reserved) {
			env = append(env, name+"="+aws.ToString(kv.Value))
		}
	}
	env = append(env,
		"AWS_BATCH_CE_NAME="+aws.ToString(c.task.environment.detail.ComputeEnvironmentName),
		"AWS_BATCH_JQ_NAME="+aws.ToString(j.work.queue.detail.JobQueueName),
		"AWS_BATCH_JOB_ID="+j.id(),
		"AWS_BATCH_JOB_ATTEMPT="+strconv.Itoa(c.task.number))
	if p := j.parent(); p != nil {
		env = append(env,
			"AWS_BATCH_JOB_ARRAY_INDEX="+strconv.Itoa(int(j.index)),
			"AWS_BATCH_JOB_ARRAY_SIZE="+strconv.Itoa(len(p.array.children)))
	}
	if nodes := j.work.nodes; nodes != nil {
		env = append(env,
			"AWS_BATCH_JOB_NODE_INDEX="+strconv.Itoa(int(j.index)),
			"AWS_BATCH_JOB_NUM_NODES="+strconv.Itoa(len(nodes.specs)),
			"AWS_BATCH_JOB_MAIN_NODE_INDEX="+strconv.Itoa(nodes.main))
		if int(j.index) != nodes.main {
			env = append(env, "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS="+hostAddress)
		}
	}
	if c.task.spec.pod != nil {
		env = append(env, "AWS_BATCH_JOB_KUBERNETES_NODE_UID="+c.task.server.hostUID(j.host()))
	}
	return env
}

// Env returns the value of a variable of the container's environment, empty
// when it has none of that name. Of a name that is there twice the last counts.
func (c *Container) Env(name string) string {
	for _, kv := range slices.Backward(c.Environ()) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}
