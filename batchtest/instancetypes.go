package batchtest

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// An instanceType is a type of Amazon EC2 instances, and what it has for jobs.
type instanceType struct {
	name string
	has  resources
}

// A catalogue is the instance types that are known. It does not change.
type catalogue struct {
	families map[string][]instanceType // by size, as installed
	bundles  map[string][]string       // families
}

//go:embed instancetypes.txt
var instanceTypesFile string

var instanceTypes = sync.OnceValue(func() catalogue { return readCatalogue(instanceTypesFile) })

// readCatalogue reads instancetypes.txt, which says how.
func readCatalogue(text string) catalogue {
	c := catalogue{families: map[string][]instanceType{}, bundles: map[string][]string{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) < 3 || fields[0] == "#":
		case fields[0] == "bundle":
			c.bundles[fields[1]] = fields[2:]
		default:
			ratio, _ := strconv.ParseFloat(fields[1], 64)
			for _, size := range fields[2:] {
				c.families[fields[0]] = append(c.families[fields[0]], readSize(fields[0], size, ratio))
			}
		}
	}
	return c
}

func readSize(family, text string, ratio float64) instanceType {
	size, given, _ := strings.Cut(text, "=")
	t := assumed(family, size, ratio)
	numbers := strings.Split(given, "/")
	if given != "" {
		vcpus, _ := strconv.Atoi(numbers[0])
		t.has = sized(vcpus, ratio)
	}
	if len(numbers) > 1 {
		gib, _ := strconv.ParseFloat(numbers[1], 64)
		t.has.memory = int64(gib * 1024)
	}
	if len(numbers) > 2 {
		t.has.gpus, _ = strconv.ParseInt(numbers[2], 10, 64)
	}
	return t
}

func sized(vcpus int, gibPerVCPU float64) resources {
	return resources{cpu: int64(vcpus) * wholeCPU, memory: int64(float64(vcpus) * gibPerVCPU * 1024)}
}

// assumed sizes an instance by the name of its size alone.
func assumed(family, size string, gibPerVCPU float64) instanceType {
	vcpus := 2
	switch n, xlarge := strings.CutSuffix(size, "xlarge"); {
	case size == "medium":
		vcpus = 1
	case size == "xlarge":
		vcpus = 4
	case xlarge:
		times, _ := strconv.Atoi(n)
		vcpus = 4 * max(times, 1)
	case strings.HasPrefix(size, "metal"):
		times, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(size, "metal-"), "xl"))
		if err != nil {
			times = 24
		}
		vcpus = 4 * times
	}
	return instanceType{family + "." + size, sized(vcpus, gibPerVCPU)}
}

// An unknown type has 4 GiB a vCPU and no GPU, and an unknown family the sizes
// of a common one.
const assumedRatio = 4

var assumedSizes = []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"}

// expand returns the types that an entry of instanceTypes stands for: a type, a
// family or a bundle of families. No entry at all means optimal.
func (c catalogue) expand(entries []string) (out []instanceType) {
	if len(entries) == 0 {
		entries = []string{"optimal"}
	}
	for _, e := range entries {
		if families, ok := c.bundles[e]; ok {
			for _, f := range families {
				out = append(out, c.families[f]...)
			}
			continue
		}
		family, size, one := strings.Cut(e, ".")
		known, ok := c.families[family]
		at := slices.IndexFunc(known, func(t instanceType) bool { return t.name == e })
		switch {
		case one && at >= 0:
			out = append(out, known[at])
		case one:
			out = append(out, assumed(family, size, assumedRatio))
		case ok:
			out = append(out, known...)
		default:
			for _, size := range assumedSizes {
				out = append(out, assumed(family, size, assumedRatio))
			}
		}
	}
	slices.SortFunc(out, func(a, b instanceType) int { return cmp.Compare(a.name, b.name) })
	return slices.CompactFunc(out, func(a, b instanceType) bool { return a.name == b.name })
}

// onECS is what the containers of Amazon ECS can have of an instance. An
// m4.large of 8192 MiB registers 7985, and the agent keeps 32 of them:
// https://docs.aws.amazon.com/batch/latest/userguide/memory-management.html
// That part of the memory is taken as the rule for all.
func onECS(r resources) resources {
	r.memory = max(r.memory*7985/8192-32, 0)
	return r
}

// onEKS is what pods can have of an instance: what Amazon EKS leaves them on its
// images, which keep 255 MiB and 11 MiB for each pod that could be there, 100 MiB
// as the threshold of eviction, and 6 % of the first core, 1 % of the second, 0.5 %
// of the next two and 0.25 % of others. How many pods there could be depends on the
// network interfaces; 29, 58 and 234 are usual for small, middle and large ones.
func onEKS(r resources) resources {
	pods := int64(234)
	switch {
	case r.cpu <= 2*wholeCPU:
		pods = 29
	case r.cpu <= 8*wholeCPU:
		pods = 58
	}
	r.memory = max(r.memory-255-11*pods-100, 0)
	cores := r.cpu / wholeCPU
	kept := 60 * min(cores, 1)
	kept += 10 * min(max(cores-1, 0), 1)
	kept += 5 * min(max(cores-2, 0), 2)
	kept += 5 * max(cores-4, 0) / 2
	r.cpu -= kept
	return r
}
