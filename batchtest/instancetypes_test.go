package batchtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstanceTypes(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, reason string
		entry        string
		want         resources // of the first
		sizes        int
	}{
		{"a size", "by the ratio of the family", "m5.4xlarge", resources{16_000, 65536, 0}, 1},
		{"of half a GiB", "the ratio is no whole number", "c4.large", resources{2000, 3840, 0}, 1},
		{"metal", "it says its vCPUs", "m6i.metal", resources{128_000, 524288, 0}, 1},
		{"metal with a size", "the name says it", "c7i.metal-24xl", resources{96_000, 196608, 0}, 1},
		{"GPUs", "it says all three", "g5.48xlarge", resources{192_000, 786432, 8}, 1},
		{"family", "all its sizes, in order of their names", "p3", resources{64_000, 499712, 8}, 3},
		{"bundle", "all sizes of its families", "default_arm64", resources{48_000, 98304, 0}, 36},
		{"unknown size", "4 GiB a vCPU", "m5.6xlarge", resources{24_000, 98304, 0}, 1},
		{"unknown metal", "as large as common ones", "z9.metal", resources{96_000, 393216, 0}, 1},
		{"unknown family", "common sizes", "z9", resources{48_000, 196608, 0}, 8},
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if r.name == "" || r.reason == "" || seen[r.name] {
			t.Fatalf("row %q: needs a name of its own and a reason", r.name)
		}
		seen[r.name] = true
		t.Run(r.name, func(t *testing.T) {
			got := instanceTypes().expand([]string{r.entry, r.entry})
			if len(got) != r.sizes || got[0].has != r.want {
				t.Errorf("%s: %d types, the first with %+v, want %d, %+v", r.reason, len(got), got[0], r.sizes, r.want)
			}
		})
	}
}

// TestInstanceTypesFile reads every line: no size without memory or vCPUs, none
// twice, and families of a kind alike.
func TestInstanceTypesFile(t *testing.T) {
	t.Parallel()
	families := 0
	for line := range strings.Lines(instanceTypesFile) {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "#" && f[0] != "bundle" {
			families++
		}
	}
	c := instanceTypes()
	if len(c.families) != families {
		t.Errorf("%d families on %d lines", len(c.families), families)
	}
	seen := map[string]bool{}
	for family, types := range c.families {
		for _, ty := range types {
			perVCPU := float64(ty.has.memory) * wholeCPU / float64(ty.has.cpu)
			if seen[ty.name] || ty.has.cpu < wholeCPU || perVCPU < 250 || perVCPU > 33_000 {
				t.Errorf("%s: %+v, or twice", ty.name, ty.has)
			}
			seen[ty.name] = true
			if gpu := strings.HasPrefix(family, "g") || strings.HasPrefix(family, "p"); gpu != (ty.has.gpus > 0) {
				t.Errorf("%s has %d GPUs", ty.name, ty.has.gpus)
			}
		}
	}
	for bundle, families := range c.bundles {
		for _, f := range families {
			if len(c.families[f]) == 0 {
				t.Errorf("%s: no family %s", bundle, f)
			}
		}
	}
}

func TestWhatAgentsLeave(t *testing.T) {
	t.Parallel()
	// The figure of the user guide, and Amazon EKS on m5.large and m5.xlarge.
	m4 := resources{2000, 8192, 0}
	got := []resources{onECS(m4), onEKS(m4), onEKS(resources{4000, 16384, 0})}
	want := []resources{{2000, 7985 - 32, 0}, {1930, 8192 - 255 - 29*11 - 100, 0}, {3920, 16384 - 255 - 58*11 - 100, 0}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(resources{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestQuantity(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"": 0, "0.25": 0.25, "250m": 0.25, "512Mi": 512 << 20, "2Gi": 2 << 30, "1k": 1000, "3G": 3e9, "x": 0, "-1": 0, "1e3": 1000,
	} {
		if got := quantity(text); got != want {
			t.Errorf("quantity(%q) = %v, want %v", text, got, want)
		}
	}
}
