package iam

import (
	"encoding/json"
	"slices"
)

// Version is the version of the policy language:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html.
const Version = "2012-10-17"

// Policy is a policy document. Its JSON, as json.Marshal writes it, is what IAM takes. The zero value is a document
// without a version, which IAM refuses; the functions of this package set it.
type Policy struct {
	// Version is always [Version].
	Version string `json:"Version"`
	// Statement are what is allowed. A policy without statements allows nothing, and IAM refuses to store it.
	Statement []Statement `json:"Statement"`
}

// Statement allows actions.
type Statement struct {
	// Sid names the statement within its policy: letters and digits.
	Sid string `json:"Sid"`
	// Effect is always "Allow".
	Effect string `json:"Effect"`
	// Principal is who may assume a role; nil in all but trust policies.
	Principal *Principal `json:"Principal,omitempty"`
	// Action are names of actions, such as batch:SubmitJob, sorted.
	Action []string `json:"Action"`
	// Resource are ARNs, with wildcards perhaps, sorted; nil in trust policies.
	Resource []string `json:"Resource,omitempty"`
	// Condition narrows the statement; nil when nothing does.
	Condition Condition `json:"Condition,omitempty"`
}

// Principal is a service that assumes a role.
type Principal struct {
	// Service is its name, such as ecs-tasks.amazonaws.com.
	Service string `json:"Service"`
}

// Condition maps an operator, such as StringEquals, to condition keys and the values that they may have.
type Condition map[string]map[string][]string

// JSON returns the policy document, indented by two spaces, with a line feed at its end.
func (p Policy) JSON() string {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil { // strings, slices and maps of strings can always be written
		return ""
	}
	return string(b) + "\n"
}

// allow adds a statement unless it has no resource. Its lists are sorted, and name nothing twice.
func (p *Policy) allow(sid string, actions, resources []string, condition Condition) {
	resources = sorted(resources)
	if len(resources) == 0 {
		return
	}
	p.Statement = append(p.Statement, Statement{
		Sid: sid, Effect: "Allow", Action: sorted(actions), Resource: resources, Condition: condition,
	})
}

// sorted returns the values in order, each once.
func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}
