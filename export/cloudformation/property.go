package cloudformation

import (
	"reflect"
	"strings"

	"github.com/batchkit/batchkit-go/internal/ordered"
)

const target = "CloudFormation"

// propertyNames are the properties whose names are not those of the API with a capital letter.
var propertyNames = map[string]string{"s3filesVolumeConfiguration": "S3FilesVolumeConfiguration"}

func propertyName(member string) string {
	if name, ok := propertyNames[member]; ok {
		return name
	}
	return ordered.Upper(member)
}

// lacking are the members of the API that a resource type does not have, with what can be done. A test compares them
// with the resource schemas.
var lacking = map[string]map[string]string{
	jobDefinition: {
		"containerProperties.instanceType":                                                         "it means something for nodes only; leave it out",
		"nodeProperties.nodeRangeProperties[].container.fargatePlatformConfiguration":              onNodes,
		"nodeProperties.nodeRangeProperties[].container.networkConfiguration":                      onNodes,
		"nodeProperties.nodeRangeProperties[].ecsProperties.taskProperties[].ephemeralStorage":     onNodes,
		"nodeProperties.nodeRangeProperties[].ecsProperties.taskProperties[].networkConfiguration": onNodes,
		"nodeProperties.nodeRangeProperties[].ecsProperties.taskProperties[].platformVersion":      onNodes,
		"nodeProperties.nodeRangeProperties[].ecsProperties.taskProperties[].runtimePlatform":      "register the definition through the API, or leave the member out",
	},
}

const onNodes = "it means something on Fargate only, where no multi-node job runs; leave it out"

// properties writes an input of the SDK as the properties of a resource.
func (w *writer) properties(kind string, in any) ordered.Object {
	w.open = nil
	return ordered.Encoder{
		Member: func(at ordered.Path, value reflect.Value) (string, bool) {
			if why, ok := lacking[kind][at.Pattern]; ok {
				w.refuse(at.Exact, kind+" has no such property: "+why)
				return "", false
			}
			if (at.Exact == "retryStrategy" || at.Exact == "timeout") && ordered.Empty(value) {
				w.refuse(at.Exact, "CloudFormation leaves it out of the request if it is empty; leave it out")
			}
			if at.Name == "consumableResourceList" {
				w.unique(at, value)
			}
			return propertyName(at.Name), true
		},
		String: func(at ordered.Path, s string) any {
			s = w.referring(at, s)
			if at.Name == "consumableResource" && !strings.HasPrefix(s, "arn:") && !reference.MatchString(s) {
				w.refuse(at.Exact, "CloudFormation takes the ARN of a consumable resource, not its name: give the ARN, or add the resource to the template")
			}
			return w.text(at.Exact, s)
		},
	}.Encode(in)
}

// unique refuses elements that occur twice where CloudFormation wants a set.
func (w *writer) unique(at ordered.Path, list reflect.Value) {
	for i := range list.Len() {
		for j := range i {
			if reflect.DeepEqual(list.Index(i).Interface(), list.Index(j).Interface()) {
				w.refuse(at.Exact, "CloudFormation takes no element twice; leave one out")
				return
			}
		}
	}
}
