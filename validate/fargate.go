package validate

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// fargateSizes are the sizes of a Fargate task: vCPUs, and the MiB of memory that go with them.
// The service's own table: apiReference + "API_ResourceRequirement.html". RR016 is about the last row.
var fargateSizes = []struct {
	vcpus  float64
	memory []float64
}{
	{0.25, []float64{512, 1024, 2048}},
	{0.5, memorySteps(1024, 4096, 1024)},
	{1, memorySteps(2048, 8192, 1024)},
	{2, memorySteps(4096, 16384, 1024)},
	{4, memorySteps(8192, 30720, 1024)},
	{8, memorySteps(16384, 61440, 4096)},
	{16, memorySteps(32768, 122880, 8192)},
	{32, []float64{61440, 122880, 249856}},
}

func memorySteps(from, to, by float64) []float64 {
	var out []float64
	for m := from; m <= to; m += by {
		out = append(out, m)
	}
	return out
}

// fargateSize is what the containers of a Fargate task ask for together. Fargate sizes the task, not the container.
type fargateSize struct {
	vcpus, memory float64
	// unclear is set when some container says nothing, or nothing sound, of its vCPUs or its memory.
	// Other rules report that, and the size cannot be judged.
	unclear bool
}

// add counts in the requirements of one more container.
func (s *fargateSize) add(list []types.ResourceRequirement) {
	var vcpus, memory int
	for i := range list {
		n, ok := decimal(str(list[i].Value))
		switch list[i].Type {
		case types.ResourceTypeVcpu:
			vcpus++
			s.vcpus += n
			s.unclear = s.unclear || !ok
		case types.ResourceTypeMemory:
			memory++
			s.memory += n
			s.unclear = s.unclear || !ok || !soundMemory(n)
		}
	}
	s.unclear = s.unclear || vcpus != 1 || memory != 1
	// A sum of decimals such as 0.1 is rarely exact.
	s.vcpus = math.Round(s.vcpus*1e6) / 1e6
}

// valid reports whether Fargate has such a size. It means nothing when the size is unclear.
func (s *fargateSize) valid() bool { return slices.Contains(s.memories(), s.memory) }

// memories are the amounts of memory that go with the vCPUs, none when Fargate has no such number of vCPUs.
func (s *fargateSize) memories() []float64 {
	for _, row := range fargateSizes {
		if row.vcpus == s.vcpus {
			return row.memory
		}
	}
	return nil
}

// mend says for a message what would be right.
func (s *fargateSize) mend() string {
	switch m := s.memories(); {
	case m == nil:
		return "use 0.25, 0.5, 1, 2, 4, 8 or 16 vCPUs"
	case len(m) == 3:
		return fmt.Sprintf("with %s vCPU use %g, %g or %g MiB", s.vcpuText(), m[0], m[1], m[2])
	default:
		return fmt.Sprintf("with %s vCPU use %g to %g MiB in steps of %g", s.vcpuText(), m[0], m[len(m)-1], m[1]-m[0])
	}
}

func (s *fargateSize) vcpuText() string   { return strconv.FormatFloat(s.vcpus, 'f', -1, 64) }
func (s *fargateSize) memoryText() string { return strconv.FormatFloat(s.memory, 'f', -1, 64) }

// serviceText gives the vCPUs and the memory as the service writes them.
func (s *fargateSize) serviceText() (vcpus, memory string) {
	return strconv.FormatFloat(s.vcpus, 'f', 2, 64), s.memoryText()
}

// badFargateSize is the service's answer to a size that is not in the table: X vCPUs with two decimals, Y MiB.
const badFargateSize = "Fargate resource requirements (X vCPU, Y MiB) not valid."

// report fails the rule under judgement, whose answer is badFargateSize, at a place below the current path.
func (s *fargateSize) report(p *pass, place []any, of string) {
	p.fail(place, "must be a size that Fargate has, found %s vCPU and %s MiB %s: %s", s.vcpuText(), s.memoryText(), of, s.mend()).
		saying(s.serviceText())
}

// sizePlace is where the size of a task is written, below the task.
func sizePlace(t *task) []any {
	switch {
	case t.payload == containerPayload:
		return at("resourceRequirements")
	case len(t.containers) == 1:
		return at("containers", 0, "resourceRequirements")
	default:
		return at("containers")
	}
}

// fargateSizeOf adds up the containers of a task.
func fargateSizeOf(t *task) fargateSize {
	var s fargateSize
	if t.single != nil {
		s.add(t.single.ResourceRequirements)
	}
	for i := range t.containers {
		s.add(t.containers[i].ResourceRequirements)
	}
	return s
}

// decimal reads a plain decimal number: a sign, digits, a point. It takes no exponent, no blank and no unit.
func decimal(text string) (float64, bool) {
	whole := 0
	for i := range len(text) {
		c := text[i]
		if !digit(c) && c != '.' && (c != '-' || i > 0) {
			return 0, false
		}
		whole = whole*10 + int(c-'0')
	}
	// Nearly all numbers are a few digits, which need no parser.
	if n := len(text); n > 0 && n <= 9 && digits(text) == text {
		return float64(whole), true
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// soundMemory reports whether n MiB are a whole number and enough, which RR008 asks for.
func soundMemory(n float64) bool { return n >= minMemory && n == math.Trunc(n) }

// minMemory is the least memory of a container in MiB.
const minMemory = 4
