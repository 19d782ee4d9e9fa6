package iam

import (
	"fmt"
	"strings"

	"github.com/batchkit/batchkit-go/validate"
)

// Where says in which account and Region the resources are. Names become ARNs by it. ARNs stay as they are, and so do
// references of packages cloudformation and terraform, which stand for ARNs.
type Where struct {
	// Partition is "aws", "aws-cn" or "aws-us-gov". Empty means "aws".
	Partition string
	// Region is a code such as eu-west-1. Empty means every Region, which is a finding.
	Region string
	// Account is the account's twelve digits. Empty means every account, which is a finding.
	Account string
}

func (w Where) partition() string { return or(w.Partition, "aws") }

// arn returns the ARN of a resource of a service, here.
func (w Where) arn(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", w.partition(), service, or(w.Region, "*"), or(w.Account, "*"), resource)
}

// isReference reports whether a text begins with a reference of package cloudformation or terraform.
func isReference(s string) bool { return strings.HasPrefix(s, "${") }

// isARN reports whether a text is an ARN, or stands for one.
func isARN(s string) bool { return strings.HasPrefix(s, "arn:") || isReference(s) }

// named returns what is an ARN already, and else makes one of the kind and the name.
func (w Where) named(service, kind, name string) string {
	if isARN(name) {
		return name
	}
	return w.arn(service, kind+name)
}

// known says what of the place is not known.
func (w Where) known() validate.Findings {
	var missing []string
	if w.Region == "" {
		missing = append(missing, "Region")
	}
	if w.Account == "" {
		missing = append(missing, "Account")
	}
	if missing == nil {
		return nil
	}
	return validate.Findings{{
		Rule: AnyPlace, Severity: validate.Warning,
		Message: fmt.Sprintf("ARNs made of names hold a wildcard, because Where has no %s; set it.", strings.Join(missing, " and no ")),
		Source:  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
	}}
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
