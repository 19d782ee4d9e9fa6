package batchtest

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// A shape is the types of an operation, and its name.
type shape struct {
	name    string
	in, out reflect.Type
}

func shapeOf[In, Out any](name string) shape {
	return shape{name, reflect.TypeFor[In](), reflect.TypeFor[Out]()}
}

// inputTypes are the operations of AWS Batch, by their names in paths, or in
// lower case where they share one, whether a [Server] implements them or not.
var inputTypes = map[string]shape{
	"canceljob":                    shapeOf[batch.CancelJobInput, batch.CancelJobOutput]("CancelJob"),
	"createcomputeenvironment":     shapeOf[batch.CreateComputeEnvironmentInput, batch.CreateComputeEnvironmentOutput]("CreateComputeEnvironment"),
	"createconsumableresource":     shapeOf[batch.CreateConsumableResourceInput, batch.CreateConsumableResourceOutput]("CreateConsumableResource"),
	"createjobqueue":               shapeOf[batch.CreateJobQueueInput, batch.CreateJobQueueOutput]("CreateJobQueue"),
	"createquotashare":             shapeOf[batch.CreateQuotaShareInput, batch.CreateQuotaShareOutput]("CreateQuotaShare"),
	"createschedulingpolicy":       shapeOf[batch.CreateSchedulingPolicyInput, batch.CreateSchedulingPolicyOutput]("CreateSchedulingPolicy"),
	"createserviceenvironment":     shapeOf[batch.CreateServiceEnvironmentInput, batch.CreateServiceEnvironmentOutput]("CreateServiceEnvironment"),
	"deletecomputeenvironment":     shapeOf[batch.DeleteComputeEnvironmentInput, batch.DeleteComputeEnvironmentOutput]("DeleteComputeEnvironment"),
	"deleteconsumableresource":     shapeOf[batch.DeleteConsumableResourceInput, batch.DeleteConsumableResourceOutput]("DeleteConsumableResource"),
	"deletejobqueue":               shapeOf[batch.DeleteJobQueueInput, batch.DeleteJobQueueOutput]("DeleteJobQueue"),
	"deletequotashare":             shapeOf[batch.DeleteQuotaShareInput, batch.DeleteQuotaShareOutput]("DeleteQuotaShare"),
	"deleteschedulingpolicy":       shapeOf[batch.DeleteSchedulingPolicyInput, batch.DeleteSchedulingPolicyOutput]("DeleteSchedulingPolicy"),
	"deleteserviceenvironment":     shapeOf[batch.DeleteServiceEnvironmentInput, batch.DeleteServiceEnvironmentOutput]("DeleteServiceEnvironment"),
	"deregisterjobdefinition":      shapeOf[batch.DeregisterJobDefinitionInput, batch.DeregisterJobDefinitionOutput]("DeregisterJobDefinition"),
	"describecomputeenvironments":  shapeOf[batch.DescribeComputeEnvironmentsInput, batch.DescribeComputeEnvironmentsOutput]("DescribeComputeEnvironments"),
	"describeconsumableresource":   shapeOf[batch.DescribeConsumableResourceInput, batch.DescribeConsumableResourceOutput]("DescribeConsumableResource"),
	"describejobdefinitions":       shapeOf[batch.DescribeJobDefinitionsInput, batch.DescribeJobDefinitionsOutput]("DescribeJobDefinitions"),
	"describejobqueues":            shapeOf[batch.DescribeJobQueuesInput, batch.DescribeJobQueuesOutput]("DescribeJobQueues"),
	"describejobs":                 shapeOf[batch.DescribeJobsInput, batch.DescribeJobsOutput]("DescribeJobs"),
	"describequotashare":           shapeOf[batch.DescribeQuotaShareInput, batch.DescribeQuotaShareOutput]("DescribeQuotaShare"),
	"describeschedulingpolicies":   shapeOf[batch.DescribeSchedulingPoliciesInput, batch.DescribeSchedulingPoliciesOutput]("DescribeSchedulingPolicies"),
	"describeserviceenvironments":  shapeOf[batch.DescribeServiceEnvironmentsInput, batch.DescribeServiceEnvironmentsOutput]("DescribeServiceEnvironments"),
	"describeservicejob":           shapeOf[batch.DescribeServiceJobInput, batch.DescribeServiceJobOutput]("DescribeServiceJob"),
	"getjobqueuesnapshot":          shapeOf[batch.GetJobQueueSnapshotInput, batch.GetJobQueueSnapshotOutput]("GetJobQueueSnapshot"),
	"listconsumableresources":      shapeOf[batch.ListConsumableResourcesInput, batch.ListConsumableResourcesOutput]("ListConsumableResources"),
	"listjobs":                     shapeOf[batch.ListJobsInput, batch.ListJobsOutput]("ListJobs"),
	"listjobsbyconsumableresource": shapeOf[batch.ListJobsByConsumableResourceInput, batch.ListJobsByConsumableResourceOutput]("ListJobsByConsumableResource"),
	"listquotashares":              shapeOf[batch.ListQuotaSharesInput, batch.ListQuotaSharesOutput]("ListQuotaShares"),
	"listschedulingpolicies":       shapeOf[batch.ListSchedulingPoliciesInput, batch.ListSchedulingPoliciesOutput]("ListSchedulingPolicies"),
	"listservicejobs":              shapeOf[batch.ListServiceJobsInput, batch.ListServiceJobsOutput]("ListServiceJobs"),
	"listtagsforresource":          shapeOf[batch.ListTagsForResourceInput, batch.ListTagsForResourceOutput]("ListTagsForResource"),
	"registerjobdefinition":        shapeOf[batch.RegisterJobDefinitionInput, batch.RegisterJobDefinitionOutput]("RegisterJobDefinition"),
	"submitjob":                    shapeOf[batch.SubmitJobInput, batch.SubmitJobOutput]("SubmitJob"),
	"submitservicejob":             shapeOf[batch.SubmitServiceJobInput, batch.SubmitServiceJobOutput]("SubmitServiceJob"),
	"tagresource":                  shapeOf[batch.TagResourceInput, batch.TagResourceOutput]("TagResource"),
	"terminatejob":                 shapeOf[batch.TerminateJobInput, batch.TerminateJobOutput]("TerminateJob"),
	"terminateservicejob":          shapeOf[batch.TerminateServiceJobInput, batch.TerminateServiceJobOutput]("TerminateServiceJob"),
	"untagresource":                shapeOf[batch.UntagResourceInput, batch.UntagResourceOutput]("UntagResource"),
	"updatecomputeenvironment":     shapeOf[batch.UpdateComputeEnvironmentInput, batch.UpdateComputeEnvironmentOutput]("UpdateComputeEnvironment"),
	"updateconsumableresource":     shapeOf[batch.UpdateConsumableResourceInput, batch.UpdateConsumableResourceOutput]("UpdateConsumableResource"),
	"updatejobqueue":               shapeOf[batch.UpdateJobQueueInput, batch.UpdateJobQueueOutput]("UpdateJobQueue"),
	"updatequotashare":             shapeOf[batch.UpdateQuotaShareInput, batch.UpdateQuotaShareOutput]("UpdateQuotaShare"),
	"updateschedulingpolicy":       shapeOf[batch.UpdateSchedulingPolicyInput, batch.UpdateSchedulingPolicyOutput]("UpdateSchedulingPolicy"),
	"updateserviceenvironment":     shapeOf[batch.UpdateServiceEnvironmentInput, batch.UpdateServiceEnvironmentOutput]("UpdateServiceEnvironment"),
	"updateservicejob":             shapeOf[batch.UpdateServiceJobInput, batch.UpdateServiceJobOutput]("UpdateServiceJob"),
}
