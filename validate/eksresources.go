package validate

import (
	"math"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	eksResources = apiReference + "API_EksContainerResourceRequirements.html"

	podCPU    = "cpu"
	podMemory = "memory"
	podGPU    = "nvidia.com/gpu"

	// maxQuantity is the length of a quantity, from the API model.
	maxQuantity = 256
)

// eksResourceRules are the rules of CPUs, memory and GPUs of a pod's container. A bad value breaks one of them:
// EKS016 when its length is wrong, else that of its kind. Limits and requests are compared when both can be read.
var eksResourceRules = []Rule{
	{
		ID: "EKS008", Title: "a container of a pod says how much CPU and memory it needs",
		Severity: Error, Platforms: EKS, Source: userGuide + "memory-cpu-batch-eks.html",
		Service: "cpu and memory resources must be provided.",
		check: onPodContainer(func(p *pass, c *podContainer) {
			// A name that nobody knows may have been meant for one of these: EKS009.
			if knowsResources(c.Resources) && !completeResources(c.Resources) {
				p.fail(at("resources"), `must give cpu and memory, each in limits, in requests or in both, as in {"limits": {"cpu": "1", "memory": "2048Mi"}}`)
			}
		}),
	},
	{
		ID: "EKS009", Title: "the resources of a pod's container are cpu, memory and nvidia.com/gpu",
		Severity: Error, Platforms: EKS, Source: eksResources,
		Service: "X is not a supported type for resources.",
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			eachQuantity(r, func(side, name, _ string) {
				if !isPodResource(name) {
					p.fail(at(side, name), "must be absent: the resources are cpu, memory and nvidia.com/gpu, found %s", excerpt(name)).saying(name)
				}
			})
		}),
	},
	{
		ID: "EKS010", Title: "memory of a pod's container is a whole number of MiB, at least 4, and ends in Mi",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-memory-unit",
		Service: "Value X for type memory is not valid.",
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			eachQuantity(r, func(side, name, value string) {
				if n, ok := mebibytes(value); name == podMemory && (!ok || n < minMemory) {
					p.fail(at(side, name), `must be a whole number of MiB, at least %d, that ends in Mi, found %s: one GiB is "1024Mi"`, minMemory, excerpt(value)).saying(value)
				}
			})
		}),
	},
	{
		ID: "EKS011", Title: "limit and request of memory are equal",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-memory-limits-eq-requests",
		Service: "memory request must be equal to memory limit if both are provided.",
		reads:   []string{"limits"},
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			if limit, request := r.Limits[podMemory], r.Requests[podMemory]; contradict(podMemory, limit, request) {
				p.fail(at("requests", podMemory), "must equal the limit, %s, found %s: give memory in limits only", limit, request)
			}
		}),
	},
	{
		ID: "EKS012", Title: "cpu is a plain number, a multiple of 0.25",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-cpu-value",
		Service: "Value X for type cpu in resources is not valid. Provide a valid number and unit.",
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			eachQuantity(r, func(side, name, value string) {
				if _, ok := cpus(value); name == podCPU && !ok {
					p.fail(at(side, name), "must be a plain number and a multiple of 0.25, found %s: write no unit, 250m is 0.25", excerpt(value)).saying(value)
				}
			})
		}),
	},
	{
		ID: "EKS013", Title: "the request of cpu is at most its limit",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-cpu-limits-ge-requests",
		Service: "cpu request must be <= to cpu limit if both are provided.",
		reads:   []string{"limits"},
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			if limit, request := r.Limits[podCPU], r.Requests[podCPU]; contradict(podCPU, limit, request) {
				p.fail(at("requests", podCPU), "must be at most the limit, %s, found %s: lower it or raise the limit", limit, request)
			}
		}),
	},
	{
		ID: "EKS014", Title: "nvidia.com/gpu is a whole number",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-gpu-integer",
		Service: "Value X for type nvidia.com/gpu in resources is not valid.",
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			eachQuantity(r, func(side, name, value string) {
				if _, ok := wholeNumber(value); name == podGPU && !ok {
					p.fail(at(side, name), "must be a whole number, found %s", excerpt(value)).saying(value)
				}
			})
		}),
	},
	{
		ID: "EKS015", Title: "limit and request of GPUs are equal",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-gpu-limits-eq-requests",
		Service: "gpu request must be equal to gpu limit if both are provided.",
		reads:   []string{"limits"},
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			if limit, request := r.Limits[podGPU], r.Requests[podGPU]; contradict(podGPU, limit, request) {
				p.fail(at("requests", podGPU), "must equal the limit, %s, found %s: give GPUs in limits only", limit, request)
			}
		}),
	},
	{
		ID: "EKS016", Title: "a quantity is 1 to 256 characters",
		Severity: Error, Platforms: EKS, Source: eksResources,
		check: onPodResources(func(p *pass, r *types.EksContainerResourceRequirements) {
			judge := func(side, name, value string) {
				if !isQuantity(value) {
					p.fail(at(side, name), "must be 1 to %d characters, found %d", maxQuantity, len(value))
				}
			}
			for name, value := range r.Limits {
				judge("limits", name, value)
			}
			for name, value := range r.Requests {
				judge("requests", name, value)
			}
		}),
	},
}

// eachQuantity visits the limits and the requests, save those whose length is EKS016's matter.
func eachQuantity(r *types.EksContainerResourceRequirements, visit func(side, name, value string)) {
	for name, value := range r.Limits {
		if isQuantity(value) {
			visit("limits", name, value)
		}
	}
	for name, value := range r.Requests {
		if isQuantity(value) {
			visit("requests", name, value)
		}
	}
}

func isQuantity(value string) bool { return value != "" && len(value) <= maxQuantity }

func isPodResource(name string) bool { return name == podCPU || name == podMemory || name == podGPU }

// knowsResources reports whether all resources have names that the service knows.
func knowsResources(r *types.EksContainerResourceRequirements) bool {
	known := true
	if r != nil {
		eachQuantity(r, func(_, name, _ string) { known = known && isPodResource(name) })
	}
	return known
}

// completeResources reports whether resources have cpu and memory.
func completeResources(r *types.EksContainerResourceRequirements) bool {
	return hasPodResource(r, podCPU) && hasPodResource(r, podMemory)
}

func hasPodResource(r *types.EksContainerResourceRequirements, name string) bool {
	if r == nil {
		return false
	}
	_, limited := r.Limits[name]
	_, requested := r.Requests[name]
	return limited || requested
}

// contradict reports whether a limit and a request, both of which can be read, do not go together.
func contradict(name, limit, request string) bool {
	if limit == "" || request == "" {
		return false
	}
	switch name {
	case podCPU:
		l, ok := cpus(limit)
		r, ok2 := cpus(request)
		return ok && ok2 && r > l
	case podMemory:
		l, ok := mebibytes(limit)
		r, ok2 := mebibytes(request)
		return ok && ok2 && r != l
	default:
		l, ok := wholeNumber(limit)
		r, ok2 := wholeNumber(request)
		return ok && ok2 && r != l
	}
}

// cpus reads a number of CPUs.
func cpus(value string) (float64, bool) {
	n, ok := decimal(value)
	return n, ok && n >= 0 && n*4 == math.Trunc(n*4)
}

// mebibytes reads an amount of memory.
func mebibytes(value string) (uint64, bool) {
	number, ok := strings.CutSuffix(value, "Mi")
	if !ok {
		return 0, false
	}
	return wholeNumber(number)
}

func wholeNumber(value string) (uint64, bool) {
	if len(digits(value)) != len(value) {
		return 0, false
	}
	n, err := strconv.ParseUint(value, 10, 64)
	return n, err == nil
}
