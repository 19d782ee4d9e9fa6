package source_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/source"
)

// TestTerraform compares what is made of a resource with the request that the provider would send.
func TestTerraform(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason    string
		values, unknown string
		want            string
		wantUnknown     []string
	}{
		{
			name: "blocks", reason: "a block is an object or a list of objects, and what is not set is no part of the request",
			values: `{"name": "a", "type": "container", "revision": 1, "arn": "x", "timeout": [], "scheduling_priority": 0, "propagate_tags": null,
				"retry_strategy": [{"attempts": 3, "evaluate_on_exit": [{"action": "exit", "on_exit_code": "", "on_reason": "*", "on_status_reason": null}]}],
				"eks_properties": [{"pod_properties": [{"containers": [{"image": "x", "name": "", "security_context": [{"read_only_root_file_system": true, "run_as_user": 0}],
					"resources": [{"limits": {"cpu": "1", "memory": null}}], "env": [{"name": "A", "value": ""}]}], "image_pull_secret": [{"name": "s"}], "volumes": [null]}]}]}`,
			want: `{"jobDefinitionName":"a","type":"container","eksProperties":{"podProperties":{"containers":[{"image":"x","env":[{"name":"A"}],"resources":{"limits":{"cpu":"1"}},` +
				`"securityContext":{"readOnlyRootFilesystem":true,"runAsUser":0}}],"imagePullSecrets":[{"name":"s"}],"volumes":[{}]}},` +
				`"retryStrategy":{"attempts":3,"evaluateOnExit":[{"action":"exit","onReason":"*"}]}}`,
		},
		{
			name: "texts", reason: "the provider reads names in any case; what is not known to the API is left out",
			values: `{"name": "a", "type": "container", "container_properties": "{\"IMAGE\": \"x\", \"environment\": [{\"Name\": \"A\", \"value\": \"${B}\"}], \"im_age\": 1}", "ecs_properties": ""}`,
			want:   `{"jobDefinitionName":"a","type":"container","containerProperties":{"environment":[{"name":"A","value":"${B}"}],"image":"x"}}`,
		},
		{
			name: "made-up name", reason: "with a prefix the provider makes up the name, so it is not known",
			values: `{"name_prefix": "a-", "type": "container"}`, want: `{"type":"container"}`, wantUnknown: []string{"jobDefinitionName"},
		},
		{
			name: "unknown texts and blocks", reason: "what the plan does not know is not set, and said to be unknown",
			values:  `{"name": "a", "type": "container", "retry_strategy": [{"attempts": null, "evaluate_on_exit": []}]}`,
			unknown: `{"node_properties": true, "timeout": true, "retry_strategy": [{"attempts": true}], "arn": true, "eks_properties": [], "parameters": {}}`,
			want:    `{"jobDefinitionName":"a","type":"container","retryStrategy":{"evaluateOnExit":[]}}`,
			wantUnknown: []string{
				"retryStrategy.attempts", "nodeProperties", "timeout",
			},
		},
		{
			name: "unknown elements", reason: "they keep their place",
			values: `{"name": "a", "type": "container", "platform_capabilities": ["EC2", null], "parameters": {"k": null}}`, unknown: `{"platform_capabilities": [false, true], "parameters": {"k": true}}`,
			want:        `{"jobDefinitionName":"a","type":"container","parameters":{"k":""},"platformCapabilities":["EC2",""]}`,
			wantUnknown: []string{"platformCapabilities[1]", "parameters.k"},
		},
		{
			name: "tags", reason: "the provider's default tags are sent with the others",
			values: `{"name": "a", "type": "container", "tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}}`,
			want:   `{"jobDefinitionName":"a","type":"container","tags":{"a":"1","b":"2"}}`,
		},
		{
			name: "tags without the default ones", reason: "those that are known are judged",
			values: `{"name": "a", "type": "container", "tags": {"a": "1"}}`, unknown: `{"tags_all": true}`,
			want: `{"jobDefinitionName":"a","type":"container","tags":{"a":"1"}}`,
		},
		{
			name: "unknown tags", reason: "none are known",
			values: `{"name": "a", "type": "container", "tags": null}`, unknown: `{"tags_all": true}`,
			want: `{"jobDefinitionName":"a","type":"container"}`, wantUnknown: []string{"tags"},
		},
	}
	for _, tt := range tests {
		mustSay(t, tt.name, tt.reason)
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			unknown := tt.unknown
			if unknown == "" {
				unknown = "{}"
			}
			text := fmt.Sprintf(`{"format_version": "1.2",
				"planned_values": {"root_module": {"resources": [{"address": "x", "type": "aws_batch_job_definition", "values": %s}]}},
				"resource_changes": [{"address": "x", "change": {"after_unknown": %s}}]}`, tt.values, unknown)
			docs, err := source.Read("plan.json", []byte(text), "")
			if err != nil || len(docs) != 1 {
				t.Fatalf("%d documents, %v", len(docs), err)
			}
			got, err := batchjson.Marshal(docs[0].Definition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(canonical(t, tt.want), canonical(t, string(got))); diff != "" {
				t.Errorf("%s: request (-want +got):\n%s", tt.reason, diff)
			}
			if diff := cmp.Diff(tt.wantUnknown, docs[0].Unknown); diff != "" {
				t.Errorf("%s: unknown paths (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}
