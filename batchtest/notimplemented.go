package batchtest

// notImplementedOperations are the operations of AWS Batch that are left out,
// by their names in paths. They answer NotImplementedException with status
// 501, which the SDK does not retry.
var notImplementedOperations = map[string]string{
	"createquotashare":            "CreateQuotaShare",
	"createserviceenvironment":    "CreateServiceEnvironment",
	"deletequotashare":            "DeleteQuotaShare",
	"deleteserviceenvironment":    "DeleteServiceEnvironment",
	"describequotashare":          "DescribeQuotaShare",
	"describeserviceenvironments": "DescribeServiceEnvironments",
	"describeservicejob":          "DescribeServiceJob",
	"listquotashares":             "ListQuotaShares",
	"listservicejobs":             "ListServiceJobs",
	"submitservicejob":            "SubmitServiceJob",
	"terminateservicejob":         "TerminateServiceJob",
	"terminateservicejobs":        "TerminateServiceJobs", // newer than the SDK of go.mod
	"updatequotashare":            "UpdateQuotaShare",
	"updateserviceenvironment":    "UpdateServiceEnvironment",
	"updateservicejob":            "UpdateServiceJob",
}
