package batchtest

import "net/http"

// notImplementedOperations are the operations of AWS Batch that are left out,
// by their names in paths. They answer NotImplementedException with status
// 501, which the SDK does not retry. SubmitJob answers the same for EKS and
// multi-node definitions.
var notImplementedOperations = map[string]string{
	"createconsumableresource":     "CreateConsumableResource",
	"createquotashare":             "CreateQuotaShare",
	"createschedulingpolicy":       "CreateSchedulingPolicy",
	"createserviceenvironment":     "CreateServiceEnvironment",
	"deletecomputeenvironment":     "DeleteComputeEnvironment",
	"deleteconsumableresource":     "DeleteConsumableResource",
	"deletejobqueue":               "DeleteJobQueue",
	"deletequotashare":             "DeleteQuotaShare",
	"deleteschedulingpolicy":       "DeleteSchedulingPolicy",
	"deleteserviceenvironment":     "DeleteServiceEnvironment",
	"describeconsumableresource":   "DescribeConsumableResource",
	"describequotashare":           "DescribeQuotaShare",
	"describeschedulingpolicies":   "DescribeSchedulingPolicies",
	"describeserviceenvironments":  "DescribeServiceEnvironments",
	"describeservicejob":           "DescribeServiceJob",
	"getjobqueuesnapshot":          "GetJobQueueSnapshot",
	"listconsumableresources":      "ListConsumableResources",
	"listjobsbyconsumableresource": "ListJobsByConsumableResource",
	"listquotashares":              "ListQuotaShares",
	"listschedulingpolicies":       "ListSchedulingPolicies",
	"listservicejobs":              "ListServiceJobs",
	"submitservicejob":             "SubmitServiceJob",
	"terminateservicejob":          "TerminateServiceJob",
	"updatecomputeenvironment":     "UpdateComputeEnvironment",
	"updateconsumableresource":     "UpdateConsumableResource",
	"updatejobqueue":               "UpdateJobQueue",
	"updatequotashare":             "UpdateQuotaShare",
	"updateschedulingpolicy":       "UpdateSchedulingPolicy",
	"updateserviceenvironment":     "UpdateServiceEnvironment",
	"updateservicejob":             "UpdateServiceJob",
}

// notImplementedTags answers the three operations on tags, which share a path.
func notImplementedTags(method string) error {
	switch method {
	case http.MethodGet:
		return notImplemented("ListTagsForResource")
	case http.MethodPost:
		return notImplemented("TagResource")
	case http.MethodDelete:
		return notImplemented("UntagResource")
	}
	return unknownOperation(http.StatusMethodNotAllowed, "tags take GET, POST and DELETE, not %s", method)
}
