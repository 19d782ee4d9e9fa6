package validate_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

func TestOverrideLength(t *testing.T) {
	t.Parallel()
	const (
		sub      = "submission."
		ecs      = sub + "ecsPropertiesOverride.taskProperties[0].containers"
		nodes    = "nodeOverrides.nodePropertyOverrides[0]."
		inRange  = "definition.nodeProperties.nodeRangeProperties[0].container.command"
		half     = `{"$repeat":"x","times":4100}`
		full     = `{"$repeat":"x","times":8200}`
		halfArgs = `{"name":"tool","command":["a",` + half + `]},{"name":"app","command":["b",` + half + `]}`
	)
	runFindings(t, []findingsTest{
		{
			name: "two containers", reason: "the limit is that of the task", on: "submit-ecs-ec2",
			set: map[string]string{ecs: `[` + halfArgs + `]`}, want: []string{"SUB009 ecsPropertiesOverride"},
		},
		{
			name: "one of two containers", reason: "the other one stays as it is", on: "submit-ecs-ec2",
			set: map[string]string{ecs: `[{"name":"app","command":["b",` + half + `]}]`},
		},
		{
			name: "no definition", reason: "the length shows in the submission", on: "submit",
			set:  map[string]string{sub + nodes + "targetNodes": `"0:"`, sub + nodes + "ecsPropertiesOverride.taskProperties[0].containers": `[` + halfArgs + `]`},
			want: []string{"SUB009 " + nodes + "ecsPropertiesOverride"},
		},
		{
			name: "range of nodes", reason: "each range has a task of its own", on: "submit-multinode",
			set: map[string]string{
				sub + nodes + "targetNodes": `"0:"`, sub + nodes + "containerOverrides.command": `[` + full + `]`,
			},
			want: []string{"SUB009 " + nodes + "containerOverrides"},
		},
		{
			name: "a command and nothing else", reason: "8176 characters and 16 around them", on: "submit-container-ec2",
			set: map[string]string{sub + "containerOverrides.command": `[{"$repeat":"x","times":8176}]`},
		},
		{
			name: "one container of a task and nothing else", reason: "8163 characters and 29 around them, and none for the other container", on: "submit-ecs-ec2",
			set: map[string]string{ecs: `[{"name":"app","command":[{"$repeat":"x","times":8163}]}]`},
		},
		{
			name: "tasks of nodes", reason: "the limit is that of the task of the range", on: "submit-multinode-ecs",
			set: map[string]string{
				sub + nodes + "targetNodes": `"0:"`, sub + nodes + "ecsPropertiesOverride.taskProperties[0].containers": `[` + halfArgs + `]`,
			},
			want: []string{"SUB009 " + nodes + "ecsPropertiesOverride"},
		},
		{
			name: "long command of the definition", reason: "it is in the task definition, and no override", on: "submit-container-ec2",
			set: map[string]string{"definition.containerProperties.command": `["Refs",` + full + `]`},
		},
		{
			name: "parameter in the command of nodes", reason: "a command with a reference is handed over as a whole", on: "submit-multinode",
			set: map[string]string{inRange: `["Ref::a",` + half + `]`, sub + "parameters.a": half}, want: []string{"SUB010 parameters"},
		},
		{
			name: "parameter beside an override that is too long by itself", reason: "one fault", on: "submit-container-ec2",
			set: map[string]string{
				sub + "containerOverrides.environment": `[{"name":"A","value":` + full + `}]`, sub + "parameters.input": full,
			},
			want: []string{"SUB009 containerOverrides"},
		},
		{
			name: "parameter that nobody uses", reason: "it goes nowhere, and a word that is its name is no reference", on: "submit-container-ec2",
			set: map[string]string{sub + "containerOverrides.command": `["input"]`, sub + "parameters.input": full}, want: []string{"PRM003 parameters.input"},
		},
		{
			name: "pod", reason: "Amazon EKS has no such limit", on: "submit-eks",
			set: map[string]string{sub + "eksPropertiesOverride.podProperties.containers[0].args": `[` + full + `]`},
		},
	})
}

// TestOverrideLengthIsThatOfJSON holds the counting to what an encoder writes: 8192 characters pass, one more does not.
func TestOverrideLengthIsThatOfJSON(t *testing.T) {
	t.Parallel()
	const limit = 8192
	tests := []struct {
		name, reason string
		text         string
	}{
		{"nothing", "an empty list is left out", ""},
		{"letters", "one character each", "x"},
		{"spaces", "the first character that needs no escape", " "},
		{"accents", "a character is not a byte", "\u00e9"},
		{"quotes", "JSON escapes them", `"\`},
		{"line ends", "JSON has a short form for them", "\n\t\r\b\f"},
		{"control characters", "JSON has none", "\x01"},
	}
	for _, test := range tests {
		if test.name == "" || test.reason == "" {
			t.Fatal("a row needs a name and a reason")
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			type pair struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			}
			var command []string
			if test.text != "" {
				command = []string{"run", strings.Repeat(test.text, 100)}
			}
			size := func(padding int) int {
				block := struct {
					Command     []string `json:"command,omitempty"`
					Environment []pair   `json:"environment"`
				}{command, []pair{{"A", "1"}, {"B", strings.Repeat("x", padding)}}}
				var buf bytes.Buffer
				enc := json.NewEncoder(&buf)
				enc.SetEscapeHTML(false)
				if err := enc.Encode(block); err != nil {
					t.Fatal(err)
				}
				return len([]rune(strings.TrimSuffix(buf.String(), "\n")))
			}
			fits := limit - size(0)
			for _, padding := range []int{fits, fits + 1} {
				in := &batch.SubmitJobInput{
					JobName: aws.String("a"), JobQueue: aws.String("q"), JobDefinition: aws.String("d"),
					ContainerOverrides: &types.ContainerOverrides{
						Command: command,
						Environment: []types.KeyValuePair{
							{Name: aws.String("A"), Value: aws.String("1")}, {Name: aws.String("B"), Value: aws.String(strings.Repeat("x", padding))},
						},
					},
				}
				if got, want := validate.SubmitJob(in).Err() == nil, size(padding) <= limit; got != want {
					t.Errorf("%s: accepted = %v with %d characters, want %v", test.reason, got, size(padding), want)
				}
			}
		})
	}
}
