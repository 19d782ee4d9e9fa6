package batchtest

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// A shape is the types of an operation, and its name.
type shape struct {
	name    string
	in, out reflect.Type
}

func shapeOf[In, Out any]() shape {
	in := reflect.TypeFor[In]()
	return shape{strings.TrimSuffix(in.Name(), "Input"), in, reflect.TypeFor[Out]()}
}

// shapes are the operations of AWS Batch, by their names in paths, or in lower
// case where they share one, whether a [Server] implements them or not.
var shapes = byPath(
	shapeOf[batch.CancelJobInput, batch.CancelJobOutput](),
	shapeOf[batch.CreateComputeEnvironmentInput, batch.CreateComputeEnvironmentOutput](),
	shapeOf[batch.CreateConsumableResourceInput, batch.CreateConsumableResourceOutput](),
	shapeOf[batch.CreateJobQueueInput, batch.CreateJobQueueOutput](),
	shapeOf[batch.CreateQuotaShareInput, batch.CreateQuotaShareOutput](),
	shapeOf[batch.CreateSchedulingPolicyInput, batch.CreateSchedulingPolicyOutput](),
	shapeOf[batch.CreateServiceEnvironmentInput, batch.CreateServiceEnvironmentOutput](),
	shapeOf[batch.DeleteComputeEnvironmentInput, batch.DeleteComputeEnvironmentOutput](),
	shapeOf[batch.DeleteConsumableResourceInput, batch.DeleteConsumableResourceOutput](),
	shapeOf[batch.DeleteJobQueueInput, batch.DeleteJobQueueOutput](),
	shapeOf[batch.DeleteQuotaShareInput, batch.DeleteQuotaShareOutput](),
	shapeOf[batch.DeleteSchedulingPolicyInput, batch.DeleteSchedulingPolicyOutput](),
	shapeOf[batch.DeleteServiceEnvironmentInput, batch.DeleteServiceEnvironmentOutput](),
	shapeOf[batch.DeregisterJobDefinitionInput, batch.DeregisterJobDefinitionOutput](),
	shapeOf[batch.DescribeComputeEnvironmentsInput, batch.DescribeComputeEnvironmentsOutput](),
	shapeOf[batch.DescribeConsumableResourceInput, batch.DescribeConsumableResourceOutput](),
	shapeOf[batch.DescribeJobDefinitionsInput, batch.DescribeJobDefinitionsOutput](),
	shapeOf[batch.DescribeJobQueuesInput, batch.DescribeJobQueuesOutput](),
	shapeOf[batch.DescribeJobsInput, batch.DescribeJobsOutput](),
	shapeOf[batch.DescribeQuotaShareInput, batch.DescribeQuotaShareOutput](),
	shapeOf[batch.DescribeSchedulingPoliciesInput, batch.DescribeSchedulingPoliciesOutput](),
	shapeOf[batch.DescribeServiceEnvironmentsInput, batch.DescribeServiceEnvironmentsOutput](),
	shapeOf[batch.DescribeServiceJobInput, batch.DescribeServiceJobOutput](),
	shapeOf[batch.GetJobQueueSnapshotInput, batch.GetJobQueueSnapshotOutput](),
	shapeOf[batch.ListConsumableResourcesInput, batch.ListConsumableResourcesOutput](),
	shapeOf[batch.ListJobsInput, batch.ListJobsOutput](),
	shapeOf[batch.ListJobsByConsumableResourceInput, batch.ListJobsByConsumableResourceOutput](),
	shapeOf[batch.ListQuotaSharesInput, batch.ListQuotaSharesOutput](),
	shapeOf[batch.ListSchedulingPoliciesInput, batch.ListSchedulingPoliciesOutput](),
	shapeOf[batch.ListServiceJobsInput, batch.ListServiceJobsOutput](),
	shapeOf[batch.ListTagsForResourceInput, batch.ListTagsForResourceOutput](),
	shapeOf[batch.RegisterJobDefinitionInput, batch.RegisterJobDefinitionOutput](),
	shapeOf[batch.SubmitJobInput, batch.SubmitJobOutput](),
	shapeOf[batch.SubmitServiceJobInput, batch.SubmitServiceJobOutput](),
	shapeOf[batch.TagResourceInput, batch.TagResourceOutput](),
	shapeOf[batch.TerminateJobInput, batch.TerminateJobOutput](),
	shapeOf[batch.TerminateServiceJobInput, batch.TerminateServiceJobOutput](),
	shapeOf[batch.UntagResourceInput, batch.UntagResourceOutput](),
	shapeOf[batch.UpdateComputeEnvironmentInput, batch.UpdateComputeEnvironmentOutput](),
	shapeOf[batch.UpdateConsumableResourceInput, batch.UpdateConsumableResourceOutput](),
	shapeOf[batch.UpdateJobQueueInput, batch.UpdateJobQueueOutput](),
	shapeOf[batch.UpdateQuotaShareInput, batch.UpdateQuotaShareOutput](),
	shapeOf[batch.UpdateSchedulingPolicyInput, batch.UpdateSchedulingPolicyOutput](),
	shapeOf[batch.UpdateServiceEnvironmentInput, batch.UpdateServiceEnvironmentOutput](),
	shapeOf[batch.UpdateServiceJobInput, batch.UpdateServiceJobOutput](),
)

func byPath(all ...shape) map[string]shape {
	paths := make(map[string]shape, len(all))
	for _, s := range all {
		paths[strings.ToLower(s.name)] = s
	}
	return paths
}
