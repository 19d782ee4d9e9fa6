package terraform

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/internal/ordered"
)

// attributeNames are the attributes whose names are not those of the API with underscores, by type and pattern.
var attributeNames = map[string]map[string]string{
	jobDefinition: {
		"jobDefinitionName":                            "name",
		"eksProperties.podProperties.imagePullSecrets": "image_pull_secret",
		"eksProperties.podProperties.containers[].securityContext.readOnlyRootFilesystem":     "read_only_root_file_system",
		"eksProperties.podProperties.initContainers[].securityContext.readOnlyRootFilesystem": "read_only_root_file_system",
	},
	jobQueue: {
		"jobQueueName":             "name",
		"jobStateTimeLimitActions": "job_state_time_limit_action",
	},
	computeEnvironment: {
		"computeEnvironmentName":         "name",
		"computeResources.maxvCpus":      "max_vcpus",
		"computeResources.minvCpus":      "min_vcpus",
		"computeResources.desiredvCpus":  "desired_vcpus",
		"computeResources.instanceTypes": "instance_type",
	},
	schedulingPolicy: {"fairsharePolicy": "fair_share_policy"},
}

// lacking are the members of the API for which the provider has no attribute. A test compares them with its schema.
var lacking = map[string]map[string]bool{
	jobDefinition: {
		"consumableResourceProperties": true,
		"eksProperties.podProperties.containers[].securityContext.allowPrivilegeEscalation":     true,
		"eksProperties.podProperties.containers[].volumeMounts[].subPath":                       true,
		"eksProperties.podProperties.initContainers[].securityContext.allowPrivilegeEscalation": true,
		"eksProperties.podProperties.initContainers[].volumeMounts[].subPath":                   true,
		"eksProperties.podProperties.metadata.annotations":                                      true,
		"eksProperties.podProperties.metadata.namespace":                                        true,
		"eksProperties.podProperties.volumes[].persistentVolumeClaim":                           true,
	},
	jobQueue: {
		"jobQueueType":            true,
		"serviceEnvironmentOrder": true,
	},
	computeEnvironment: {
		"computeResources.ec2Configuration[].batchImageStatus": true,
		"computeResources.launchTemplate.overrides":            true,
		"computeResources.launchTemplate.userdataType":         true,
		"computeResources.scalingPolicy":                       true,
		"context":                                              true,
		"unmanagedvCpus":                                       true,
	},
	schedulingPolicy: {"quotaSharePolicy": true},
}

// jsonTexts are the members that the provider takes as a text that holds JSON of the API.
var jsonTexts = map[string]bool{"containerProperties": true, "ecsProperties": true, "nodeProperties": true}

// unsetZero are the numbers that the provider does not send if they are zero.
var unsetZero = map[string]bool{
	"schedulingPriority": true, "retryStrategy.attempts": true, "timeout.attemptDurationSeconds": true,
	"computeResources.bidPercentage": true, "computeResources.desiredvCpus": true,
}

// onlyARN are the members of which the provider wants an ARN where the API takes a name as well.
var onlyARN = map[string]bool{
	"schedulingPolicyArn": true, "computeEnvironmentOrder[].computeEnvironment": true,
	"serviceRole": true, "computeResources.instanceRole": true, "computeResources.spotIamFleetRole": true,
}

// A writer writes one configuration, and notes what it cannot write.
type writer struct {
	doc      *document
	kind, at string // the type and the address of what is being written
	refusals []export.Refusal
}

func (w *writer) refuse(path, message string) {
	w.refusals = append(w.refusals, export.Refusal{Resource: w.at, Path: path, Message: message})
}

func (w *writer) require(path string, set bool) {
	if !set {
		w.refuse(path, "the provider wants one; set it")
	}
}

// attributes writes an input of the SDK as attributes and blocks.
func (w *writer) attributes(in any) ordered.Object {
	return ordered.Encoder{
		Member: w.member,
		String: func(at ordered.Path, s string) any {
			s = w.referring(at, s)
			if onlyARN[at.Pattern] && s != "" && !strings.HasPrefix(s, "arn:") && !expression.MatchString(s) {
				w.refuse(at.Exact, "the provider takes an ARN only; give it, or an expression for it")
			}
			return s
		},
		Object: func(at ordered.Path, o ordered.Object) any {
			if inText(at) {
				return w.text(at, o)
			}
			return []any{o} // a block
		},
	}.Encode(in)
}

// member names an attribute, and refuses what the provider would not send as it is.
func (w *writer) member(at ordered.Path, value reflect.Value) (string, bool) {
	if inText(at) && !jsonTexts[at.Pattern] {
		return at.Name, true
	}
	value = reflect.Indirect(value)
	switch {
	case lacking[w.kind][at.Pattern]:
		w.refuse(at.Exact, w.kind+" has no such attribute; leave it out, or create the resource another way")
		return "", false
	case value.Kind() == reflect.String && value.Len() == 0 && at.Name != "medium" && at.Name != "value":
		w.refuse(at.Exact, "the provider does not send an empty text; leave it out")
	case value.CanInt() && value.IsZero() && unsetZero[at.Pattern]:
		w.refuse(at.Exact, "the provider does not send a zero; leave it out")
	case value.Kind() == reflect.Struct && !jsonTexts[at.Pattern] && ordered.Empty(value):
		w.refuse(at.Exact, "the provider does not send an empty block; leave it out")
	case at.Name == "args" || at.Name == "command":
		for i := range value.Len() {
			if value.Index(i).Len() == 0 {
				w.refuse(fmt.Sprintf("%s[%d]", at.Exact, i), "the provider leaves empty texts out of a list; make it a part of a command for a shell")
			}
		}
	}
	if name, ok := attributeNames[w.kind][at.Pattern]; ok {
		return name, true
	}
	return ordered.Snake(at.Name), true
}

// inText reports whether a path leads to a text of JSON or into one.
func inText(at ordered.Path) bool {
	first, _, _ := strings.Cut(at.Pattern, ".")
	return jsonTexts[first]
}

// text writes the text itself, once all that is in it has been written.
func (w *writer) text(at ordered.Path, o ordered.Object) any {
	if !jsonTexts[at.Pattern] {
		return o
	}
	data, err := ordered.Compact(o)
	if err != nil {
		w.refuse(at.Exact, err.Error())
	}
	return filled(data)
}

// jsonString is a string within a text of JSON.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// filled makes a template of a text of JSON. What an expression stands for may hold quotes, so Terraform writes the
// strings around expressions as JSON itself.
func filled(text []byte) rendered {
	return rendered(jsonString.ReplaceAllStringFunc(string(text), func(s string) string {
		if !expression.MatchString(s) {
			return escapes.Replace(s)
		}
		return "${jsonencode(" + template(expression.ReplaceAllStringFunc(s, unquoted)) + ")}"
	}))
}

// unquoted takes the escapes of JSON off an expression, which is no string.
func unquoted(expression string) string {
	var s string
	if json.Unmarshal([]byte(`"`+expression+`"`), &s) != nil {
		return expression
	}
	return s
}

// referring replaces the name of another resource of the configuration by a reference to it.
func (w *writer) referring(at ordered.Path, s string) string {
	kind := ""
	switch {
	case w.kind == jobQueue && at.Name == "computeEnvironment":
		kind = computeEnvironment
	case w.kind == jobQueue && at.Name == "schedulingPolicyArn":
		kind = schedulingPolicy
	}
	for _, r := range w.doc.resources {
		if kind != "" && r.kind == kind && r.name != "" && r.name == s {
			return Expr(r.kind + "." + r.id + ".arn")
		}
	}
	return s
}
