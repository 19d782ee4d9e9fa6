package batchkit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// What the overrides of nodes write, in the service's own spelling.
func TestNodeOverrides(t *testing.T) {
	t.Parallel()
	containers := batchkit.Nodes(batchkit.Main(nodeContainer), batchkit.Workers(7, nodeContainer)).Override()
	tasks := batchkit.Nodes(batchkit.Main(nodeTask), batchkit.Workers(7, nodeTask)).Override()
	pods := batchkit.Nodes(batchkit.Main(nodePod), batchkit.Workers(7, nodePod)).Override()
	fast := batchkit.Override().Env("MODE", "fast")
	tests := []struct {
		name, reason string
		override     batchkit.Overriding
		want         string
	}{
		{"nothing", "an empty override is legal", containers, `{}`},
		{
			"a group of containers", "the group's name becomes its range",
			containers.For("workers", fast),
			`{"nodePropertyOverrides":[{"targetNodes":"1:","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}]}}]}`,
		},
		{
			"a group of tasks", "the kind of the change decides its member",
			tasks.For("main", ecsprops.Override(ecsprops.For("app").Command("x"))),
			`{"nodePropertyOverrides":[{"targetNodes":"0:0","ecsPropertiesOverride":{"taskProperties":[{"containers":[{"name":"app","command":["x"]}]}]}}]}`,
		},
		{
			"a group of pods", "the kind of the change decides its member",
			pods.For("main", eksprops.Override(eksprops.For("app").Args("x"))),
			`{"nodePropertyOverrides":[{"targetNodes":"0:0","eksPropertiesOverride":{"podProperties":{"containers":[{"name":"app","args":["x"]}]}}}]}`,
		},
		{
			"twice the same group", "a range may be listed once, so the second change replaces the first",
			containers.For("main", batchkit.Override().Command("x")).For("workers", fast).For("main", fast),
			`{"nodePropertyOverrides":[{"targetNodes":"0:0","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}]}},` +
				`{"targetNodes":"1:","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}]}}]}`,
		},
		{
			"the number of nodes", "it belongs to the job and not to a group",
			containers.NumNodes(3), `{"numNodes":3}`,
		},
		{
			"consumable resources", "they share the entry of their group",
			tasks.ConsumableResource("workers", "license", 4).For("workers", ecsprops.Override()),
			`{"nodePropertyOverrides":[{"targetNodes":"1:","ecsPropertiesOverride":{"taskProperties":[{}]},` +
				`"consumableResourcePropertiesOverride":{"consumableResourceList":[{"consumableResource":"license","quantity":4}]}}]}`,
		},
		{
			"instance type of containers", "all groups have one type, and what is changed before or after stays",
			containers.For("main", fast).InstanceType("c5n.large").For("workers", fast),
			`{"nodePropertyOverrides":[{"targetNodes":"0:0","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}],"instanceType":"c5n.large"}},` +
				`{"targetNodes":"1:","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}],"instanceType":"c5n.large"}}]}`,
		},
		{
			"instance type of tasks", "the service wants it beside the change",
			tasks.InstanceType("c5n.large"),
			`{"nodePropertyOverrides":[{"targetNodes":"0:0","instanceTypes":["c5n.large"]},{"targetNodes":"1:","instanceTypes":["c5n.large"]}]}`,
		},
		{
			"ranges of a registered definition", "the groups' names are not known to the service",
			batchkit.OverrideNodes("0:3", fast).For("4:", fast).InstanceType("c5n.large"),
			`{"nodePropertyOverrides":[{"targetNodes":"0:3","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}],"instanceType":"c5n.large"}},` +
				`{"targetNodes":"4:","containerOverrides":{"environment":[{"name":"MODE","value":"fast"}],"instanceType":"c5n.large"}}]}`,
		},
		{
			"instance type of a registered definition", "no range is known, and the type must not get lost",
			batchkit.NodeOverrides[ecsprops.Overrides]{}.InstanceType("c5n.large"),
			`{"nodePropertyOverrides":[{"targetNodes":"0:","instanceTypes":["c5n.large"]}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("no reason")
			}
			want := batch.SubmitJobInput{NodeOverrides: &types.NodeOverrides{}}
			if err := batchjson.Unmarshal([]byte(tt.want), want.NodeOverrides); err != nil {
				t.Fatal(err)
			}
			var got batch.SubmitJobInput
			tt.override.ApplyTo(&got)
			if diff := cmp.Diff(want, got, buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
