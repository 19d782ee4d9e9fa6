package batchkit_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/validate"
)

// What node groups write, in the service's own spelling.
func TestNodes(t *testing.T) {
	t.Parallel()
	one := batchkit.EC2("busybox")
	task := ecsprops.EC2(ecsprops.NonEssential("app", "busybox"))
	pod := eksprops.Pod(eksprops.App("app", "busybox"))
	const (
		container = `"container":{"image":"busybox"}`
		ecs       = `"ecsProperties":{"taskProperties":[{"containers":[{"name":"app","image":"busybox","essential":false}]}]}`
		eks       = `"eksProperties":{"podProperties":{"containers":[{"name":"app","image":"busybox"}]}}`
	)
	tests := []struct {
		name, reason string
		nodes        interface {
			ApplyTo(*batch.RegisterJobDefinitionInput)
		}
		want string
	}{
		{
			"all alike", "one group has all nodes, and the first of them is the main one",
			batchkit.Nodes(batchkit.MainAmong("all", 8, one)),
			`{"mainNode":0,"numNodes":8,"nodeRangeProperties":[{"targetNodes":"0:",` + container + `}]}`,
		},
		{
			"a main node alone", "the service accepts a job of one node",
			batchkit.Nodes(batchkit.Main(pod)),
			`{"mainNode":0,"numNodes":1,"nodeRangeProperties":[{"targetNodes":"0:",` + eks + `}]}`,
		},
		{
			"main and workers", "the ranges follow from the numbers of nodes",
			batchkit.Nodes(batchkit.Main(task), batchkit.Workers(7, task)),
			`{"mainNode":0,"numNodes":8,"nodeRangeProperties":[{"targetNodes":"0:0",` + ecs + `},{"targetNodes":"1:",` + ecs + `}]}`,
		},
		{
			"several groups", "each group begins where the one before it ends, and only the last is open",
			batchkit.Nodes(batchkit.MainAmong("a", 2, one), batchkit.Group("b", 3, one), batchkit.Group("c", 1, one), batchkit.Group("d", 4, one)),
			`{"mainNode":0,"numNodes":10,"nodeRangeProperties":[{"targetNodes":"0:1",` + container + `},{"targetNodes":"2:4",` + container +
				`},{"targetNodes":"5:5",` + container + `},{"targetNodes":"6:",` + container + `}]}`,
		},
		{
			"another main node", "the index is a member of the service's",
			batchkit.Nodes(batchkit.MainAmong("all", 8, one)).MainNode(7),
			`{"mainNode":7,"numNodes":8,"nodeRangeProperties":[{"targetNodes":"0:",` + container + `}]}`,
		},
		{
			"instance type of containers", "the service wants it inside the container, and one for all groups",
			batchkit.Nodes(batchkit.Main(one), batchkit.Workers(1, one)).InstanceType("c5n.large"),
			`{"mainNode":0,"numNodes":2,"nodeRangeProperties":[{"targetNodes":"0:0","container":{"image":"busybox","instanceType":"c5n.large"}},` +
				`{"targetNodes":"1:","container":{"image":"busybox","instanceType":"c5n.large"}}]}`,
		},
		{
			"instance type of tasks", "the service wants it beside the task",
			batchkit.Nodes(batchkit.Main(task)).InstanceType("c5n.large").InstanceType("c5n.xlarge"),
			`{"mainNode":0,"numNodes":1,"nodeRangeProperties":[{"targetNodes":"0:",` + ecs + `,"instanceTypes":["c5n.xlarge"]}]}`,
		},
		{
			"consumable resources", "they belong to a group",
			batchkit.Nodes(batchkit.Main(one).ConsumableResource("token", 1), batchkit.Workers(1, one).ConsumableResource("a", 2).ConsumableResource("b", 3)),
			`{"mainNode":0,"numNodes":2,"nodeRangeProperties":[{"targetNodes":"0:0",` + container +
				`,"consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"token","quantity":1}]}},{"targetNodes":"1:",` + container +
				`,"consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"a","quantity":2},{"consumableResource":"b","quantity":3}]}}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("no reason")
			}
			want := batch.RegisterJobDefinitionInput{Type: types.JobDefinitionTypeMultinode, NodeProperties: &types.NodeProperties{}}
			if err := batchjson.Unmarshal([]byte(tt.want), want.NodeProperties); err != nil {
				t.Fatal(err)
			}
			var got batch.RegisterJobDefinitionInput
			tt.nodes.ApplyTo(&got)
			if diff := cmp.Diff(want, got, buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Whatever the sizes of the groups: each node is in one range, in the order of the groups, and none is left out.
func TestRangesCoverAllNodesOnce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		sizes := make([]int, 1+r.IntN(5))
		var groups []batchkit.NodeGroup[batchkit.ContainerOverride]
		for i := range sizes {
			sizes[i] = 1 + r.IntN(200)
			if i > 0 {
				groups = append(groups, batchkit.Group("g", sizes[i], nodeContainer))
			}
		}
		nodes := batchkit.Nodes(batchkit.MainAmong("main", sizes[0], nodeContainer), groups...).Properties()

		var owners, want []int
		for i, r := range nodes.NodeRangeProperties {
			from, to, _ := strings.Cut(*r.TargetNodes, ":")
			low, errLow := strconv.Atoi(from)
			high := int(*nodes.NumNodes) - 1
			if to != "" {
				var err error
				if high, err = strconv.Atoi(to); err != nil {
					t.Fatal(err)
				}
			}
			if errLow != nil || low != len(owners) || (to == "") != (i == len(sizes)-1) {
				t.Fatalf("groups of %v: range %d is %s, after %d nodes", sizes, i, *r.TargetNodes, len(owners))
			}
			owners = append(owners, slices.Repeat([]int{i}, high-low+1)...)
			want = append(want, slices.Repeat([]int{i}, sizes[i])...)
		}
		if !slices.Equal(owners, want) {
			t.Fatalf("groups of %v: the nodes belong to %v", sizes, owners)
		}
	}
}

// All kinds of nodes are what validation takes.
func TestNodesAreValid(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"containers": built(batchkit.Nodes(batchkit.Main(nodeContainer), batchkit.Workers(7, nodeContainer)).InstanceType("c5n.large")),
		"tasks":      built(batchkit.Nodes(batchkit.Main(nodeTask), batchkit.Workers(7, nodeTask)).InstanceType("c5n.large")),
		"pods":       built(batchkit.Nodes(batchkit.Main(nodePod), batchkit.Group("gpu", 3, nodePod), batchkit.Group("cpu", 4, nodePod))),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func built[O batchkit.NodeChange](nodes batchkit.MultiNode[O]) error {
	_, err := batchkit.Define("nodes", nodes).Build()
	return err
}

// A name that no group has, or that several have, is found by validation, and is not sent to a group by chance.
func TestOverrideOfUnknownGroup(t *testing.T) {
	t.Parallel()
	change := batchkit.Override().Env("MODE", "fast")
	nodes := batchkit.Nodes(batchkit.Main(nodeContainer), batchkit.Workers(3, nodeContainer), batchkit.Workers(4, nodeContainer))
	def := batchkit.Define("nodes", nodes)
	tests := []struct {
		name, reason string
		group        string
		known        bool
	}{
		{"the main group", "it has the name that Main gives it", "main", true},
		{"a misspelt group", "no group has it", "wrokers", false},
		{"a name of two groups", "it could mean either", "workers", false},
		{"a range", "what is no name is taken for a range of the definition", "4:", true},
		{"a part of a range", "the service takes whole ranges", "1:2", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("no reason")
			}
			_, err := batchkit.Job("solve", "queue", def).Override(nodes.Override().For(tt.group, change)).Build()
			if tt.known {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var invalid *validate.InvalidError
			if !errors.As(err, &invalid) || len(invalid.Findings) != 1 || invalid.Findings[0].Rule != "OVR019" {
				t.Errorf("wanted OVR019, got %v", err)
			}
		})
	}
}
