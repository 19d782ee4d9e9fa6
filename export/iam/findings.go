package iam

import "github.com/batchkit/batchkit-go/validate"

// The ids of the findings, which are stable. All but AnyPlace, Unnamed and NotKnown are infos: the policy is
// as narrow as IAM allows.
const (
	// NoResource: the call has no resource-level permissions, so its resource is "*".
	NoResource = "IAM001"
	// AnyJob: jobs have ids that are known only once they have been submitted, so the resource is every job.
	AnyJob = "IAM002"
	// AnyRevision: the definition is named without a revision, so every revision of it is allowed.
	AnyRevision = "IAM003"
	// AnyPlace: ARNs hold wildcards because the Region or the account was not given. A warning.
	AnyPlace = "IAM004"
	// AnySuffix: a secret is named without the six characters that Secrets Manager adds to its ARN.
	AnySuffix = "IAM005"
	// AnyStream: log streams have names that are known only once a container has started.
	AnyStream = "IAM006"
	// Unnamed: a job of the plan has no queue or no definition. An error.
	Unnamed = "IAM007"
	// NotKnown: an image or a secret is a reference that does not tell what it stands for. A warning.
	NotKnown = "IAM008"
)

const reference = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html"

// note adds a finding of severity info, once.
func note(findings *validate.Findings, rule, path, message, source string) {
	f := validate.Finding{Rule: rule, Severity: validate.Info, Path: path, Message: message, Source: source}
	for _, seen := range *findings {
		if seen == f {
			return
		}
	}
	*findings = append(*findings, f)
}
