package cloudformation

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/batchkit/batchkit-go/internal/ordered"
)

const (
	role       = "AWS::IAM::Role"
	logGroup   = "AWS::Logs::LogGroup"
	repository = "AWS::ECR::Repository"
)

// A Role is a role of IAM. [Attr] of its id and "Arn" is its ARN.
type Role struct {
	// Name is the name of the role. Empty: CloudFormation makes one up, so that the stack needs no CAPABILITY_NAMED_IAM.
	Name string
	// Description says what the role is for; empty for none.
	Description string
	// Trust is the policy that says who may assume the role: anything that encoding/json writes as a policy document,
	// such as one of package export/iam. Strings in it may hold [Ref] and [Attr].
	Trust any
	// Policies are the policies of the role, in the order given.
	Policies []RolePolicy
	// ManagedPolicies are the ARNs of managed policies.
	ManagedPolicies []string
	// PermissionsBoundary is the ARN of the policy that bounds the role; empty for none.
	PermissionsBoundary string
}

// A RolePolicy is an inline policy of a role.
type RolePolicy struct {
	// Name is the name of the policy.
	Name string
	// Document is the policy, in the forms that Role.Trust has.
	Document any
}

// Role adds a role.
func (t Template) Role(id string, r Role, set ...Setting) Template {
	r.Policies, r.ManagedPolicies = slices.Clone(r.Policies), slices.Clone(r.ManagedPolicies)
	return t.add(resource{id: id, kind: role, name: r.Name, properties: func(w *writer) ordered.Object {
		out := ordered.Object{}.With("RoleName", w.text("RoleName", r.Name)).With("Description", w.text("Description", r.Description))
		out = out.With("AssumeRolePolicyDocument", w.document("AssumeRolePolicyDocument", r.Trust))
		if len(r.ManagedPolicies) > 0 {
			out = out.With("ManagedPolicyArns", ordered.Strings(texts(r.ManagedPolicies), w.rewrite("ManagedPolicyArns")))
		}
		out = out.With("PermissionsBoundary", w.text("PermissionsBoundary", r.PermissionsBoundary))
		var policies []any
		for i, p := range r.Policies {
			path := fmt.Sprintf("Policies[%d].PolicyDocument", i)
			policies = append(policies, ordered.Object{{Name: "PolicyName", Value: w.text("PolicyName", p.Name)}, {Name: "PolicyDocument", Value: w.document(path, p.Document)}})
		}
		if policies != nil {
			out = append(out, ordered.Member{Name: "Policies", Value: policies})
		}
		return out
	}}, set)
}

// document writes what encoding/json makes of a value.
func (w *writer) document(path string, v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		w.refuse(path, fmt.Sprintf("encoding/json cannot write a %T: %v", v, err))
		return nil
	}
	parsed, err := ordered.Parse(data)
	if err != nil {
		w.refuse(path, err.Error())
		return nil
	}
	if parsed == nil {
		w.refuse(path, "must be a policy document, and there is none")
		return nil
	}
	return ordered.Strings(parsed, w.rewrite(path))
}

func (w *writer) rewrite(path string) func(string) any {
	return func(s string) any { return w.text(path, s) }
}

// A LogGroup is a group of CloudWatch Logs. Definitions whose awslogs-group has its name refer to it.
type LogGroup struct {
	// Name is the name of the group. Empty: CloudFormation makes one up; [Ref] of its id is the name.
	Name string
	// RetentionDays is for how long events are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and more, see
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html. Zero: for ever.
	RetentionDays int
	// KMSKey is the ARN of the key with which events are encrypted. Empty: a key of the service.
	KMSKey string
}

// LogGroup adds a log group. Its events are lost with it; [Retain] keeps them.
func (t Template) LogGroup(id string, g LogGroup, set ...Setting) Template {
	return t.add(resource{id: id, kind: logGroup, name: g.Name, properties: func(w *writer) ordered.Object {
		out := ordered.Object{}.With("LogGroupName", w.text("LogGroupName", g.Name))
		if g.RetentionDays != 0 {
			out = append(out, ordered.Member{Name: "RetentionInDays", Value: int64(g.RetentionDays)})
		}
		return out.With("KmsKeyId", w.text("KmsKeyId", g.KMSKey))
	}}, set)
}

// A Repository is a repository of Amazon ECR. [Attr] of its id and "RepositoryUri" is its address: an image is that
// with a tag, Attr("Images", "RepositoryUri") + ":2.1".
type Repository struct {
	// Name is the name of the repository. Empty: CloudFormation makes one up.
	Name string
	// Immutable keeps a tag from being moved to another image.
	Immutable bool
	// ScanOnPush looks for vulnerabilities in an image when it is pushed.
	ScanOnPush bool
	// KeepUntagged is how many images without a tag are kept, the newest. Zero: all of them.
	KeepUntagged int
}

// Repository adds a repository. One that holds images cannot be deleted; [Retain] keeps it.
func (t Template) Repository(id string, r Repository, set ...Setting) Template {
	return t.add(resource{id: id, kind: repository, name: r.Name, properties: func(w *writer) ordered.Object {
		out := ordered.Object{}.With("RepositoryName", w.text("RepositoryName", r.Name))
		if r.Immutable {
			out = out.With("ImageTagMutability", "IMMUTABLE")
		}
		if r.ScanOnPush {
			out = append(out, ordered.Member{Name: "ImageScanningConfiguration", Value: ordered.Object{{Name: "ScanOnPush", Value: true}}})
		}
		if r.KeepUntagged != 0 {
			text := fmt.Sprintf(`{"rules":[{"rulePriority":1,"description":"keep the newest images without a tag",`+
				`"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":%d},"action":{"type":"expire"}}]}`, r.KeepUntagged)
			out = append(out, ordered.Member{Name: "LifecyclePolicy", Value: ordered.Object{{Name: "LifecyclePolicyText", Value: text}}})
		}
		return out
	}}, set)
}

// Resource adds a resource of any other type. Its properties are anything that encoding/json writes as an object, in
// the spelling of CloudFormation; strings in them may hold [Ref] and [Attr]. Nil: none.
func (t Template) Resource(id, kind string, properties any, set ...Setting) Template {
	data, err := json.Marshal(properties)
	return t.add(resource{id: id, kind: kind, properties: func(w *writer) ordered.Object {
		if err != nil {
			w.refuse("", "encoding/json cannot write the properties: "+err.Error())
			return nil
		}
		parsed, err := ordered.Parse(data)
		object, ok := ordered.Strings(parsed, w.rewrite("")).(ordered.Object)
		if err != nil || !ok && parsed != nil {
			w.refuse("", "the properties must be an object")
		}
		return object
	}}, set)
}
