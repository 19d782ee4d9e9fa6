package eksprops_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

func TestResourcesAgree(t *testing.T) {
	t.Parallel()
	app := eksprops.App("app", "busybox")
	type quantities = map[string]string
	tests := []struct {
		name, reason     string
		container        eksprops.AppContainer
		requests, limits quantities
	}{
		{
			"a figure", "one figure is both, so the container gets what it asks for and no more",
			app.CPU(1.5), quantities{"cpu": "1.5"}, quantities{"cpu": "1.5"},
		},
		{
			"a part of a quarter", "the service takes whole quarters, and nobody gets less than was asked for",
			app.CPU(0.3), quantities{"cpu": "0.5"}, quantities{"cpu": "0.5"},
		},
		{
			"a big figure", "the service does not read exponents",
			app.CPU(1e6), quantities{"cpu": "1000000"}, quantities{"cpu": "1000000"},
		},
		{
			"a range", "the request may be the lower one",
			app.CPUBetween(1, 4), quantities{"cpu": "1"}, quantities{"cpu": "4"},
		},
		{
			"a range the wrong way round", "a request above the limit is refused, and there is only one way to mean it",
			app.CPUBetween(4, 1), quantities{"cpu": "1"}, quantities{"cpu": "4"},
		},
		{
			"a range within a quarter", "both ends are rounded up, so the order stays",
			app.CPUBetween(0.1, 0.2), quantities{"cpu": "0.25"}, quantities{"cpu": "0.25"},
		},
		{
			"no limit", "a request alone is legal",
			app.CPURequest(2), quantities{"cpu": "2"}, nil,
		},
		{
			"no limit any more", "the last call counts, also for the limit that an earlier one has set",
			app.CPU(1).CPURequest(2), quantities{"cpu": "2"}, nil,
		},
		{
			"no limit of the CPU", "the other limits stay",
			app.Memory(64).CPU(1).CPURequest(2), quantities{"cpu": "2", "memory": "64Mi"}, quantities{"memory": "64Mi"},
		},
		{
			"a limit again", "the last call counts",
			app.CPURequest(8).CPU(1), quantities{"cpu": "1"}, quantities{"cpu": "1"},
		},
		{
			"memory", "request and limit must be equal, in Mi and in no other unit",
			app.Memory(2048), quantities{"memory": "2048Mi"}, quantities{"memory": "2048Mi"},
		},
		{
			"GPUs", "request and limit must be equal",
			app.GPU(2), quantities{"nvidia.com/gpu": "2"}, quantities{"nvidia.com/gpu": "2"},
		},
		{
			"nonsense", "a builder does not fail; validation refuses what is no number",
			app.CPU(math.NaN()), quantities{"cpu": "NaN"}, quantities{"cpu": "NaN"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("no reason")
			}
			want := types.EksContainerResourceRequirements{Requests: tt.requests, Limits: tt.limits}
			if diff := cmp.Diff(want, *tt.container.Properties().Resources, buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
