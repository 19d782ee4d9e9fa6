package validate

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	resourceAware       = userGuide + "resource-aware-scheduling.html"
	consumableReference = apiReference + "API_ConsumableResourceRequirement.html"

	maxConsumables = 5
)

// crRules are the rules of consumable resources, of a definition, of its node ranges and of a submission.
var crRules = []Rule{
	{
		ID: "CR001", Title: "a job needs at most 5 consumable resources",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-consumable-resource-list-max",
		Service: "Each ConsumableResourceProperty can have at most 5 consumableResources",
		check: onConsumables(func(p *pass, list []types.ConsumableResourceRequirement) {
			if n := len(list); n > maxConsumables {
				p.fail(here, "must be at most %d consumable resources, found %d", maxConsumables, n)
			}
		}),
	},
	{
		ID: "CR002", Title: "a consumable resource is listed once",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-consumable-resource-duplicate",
		Service: "Cannot have duplicate consumableResource in consumableResourceProperties",
		reads:   []string{"consumableResource", "consumableResourceList"},
		check: onConsumables(func(p *pass, list []types.ConsumableResourceRequirement) {
			for i := range list {
				name := str(list[i].ConsumableResource)
				for j := range list[:i] {
					if name != "" && consumableName(name) == consumableName(str(list[j].ConsumableResource)) {
						p.fail(at(i, "consumableResource"), "must be listed once, found %s again: add up the quantities", excerpt(name))
						break
					}
				}
			}
		}),
	},
	{
		ID: "CR003", Title: "a consumable resource is named by name or ARN",
		Severity: Error, Platforms: All, Source: consumableReference,
		check: onConsumables(func(p *pass, list []types.ConsumableResourceRequirement) {
			for i := range list {
				switch name := str(list[i].ConsumableResource); {
				case name == "":
					p.fail(at(i, "consumableResource"), "must be set: the name or the ARN of the resource")
				case !namesConsumable(name):
					p.fail(at(i, "consumableResource"), "must be the name (1 to 128 letters, digits, hyphens and underscores) or the ARN of a consumable resource, found %s", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "CR004", Title: "the quantity of a consumable resource is at least 1",
		Severity: Error, Platforms: All, Source: consumableReference,
		check: onConsumables(func(p *pass, list []types.ConsumableResourceRequirement) {
			for i := range list {
				if n := list[i].Quantity; n == nil {
					p.fail(at(i, "quantity"), "must be set: how much of the resource the job takes")
				} else if *n < 1 {
					p.fail(at(i, "quantity"), "must be at least 1, found %d: remove the resource where the job takes none", *n)
				}
			}
		}),
	},
	{
		ID: "CR006", Title: "each child of an array and each range of nodes takes consumable resources for itself",
		Severity: Info, Platforms: All, Source: resourceAware,
		reads: []string{"consumableResourceList", "consumableResourceProperties", "consumableResourcePropertiesOverride", "nodeProperties", "nodeRangeProperties", "size", "type"},
		check: onSubmission(func(p *pass, s *submission) {
			switch {
			case !takesConsumables(s):
			case isArray(s.in):
				p.fail(at("arrayProperties"), "makes each of the %d children take the consumable resources: the quantity is that of one child", arraySize(s.in))
			case s.payload == nodePayload:
				p.fail(here, "is a multi-node job: the quantity of consumable resources is that of one range of nodes")
			}
		}),
	},
}

// onConsumables sees each list of consumable resources, the path leading to it.
func onConsumables(check func(*pass, []types.ConsumableResourceRequirement)) several {
	judge := func(p *pass, member string, c *types.ConsumableResourceProperties) {
		if c == nil {
			return
		}
		p.enter(member)
		p.enter("consumableResourceList")
		check(p, c.ConsumableResourceList)
		p.leave(2)
	}
	return several{
		onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			const member = "consumableResourceProperties"
			judge(p, member, in.ConsumableResourceProperties)
			if in.NodeProperties == nil {
				return
			}
			p.enter("nodeProperties")
			for i := range in.NodeProperties.NodeRangeProperties {
				p.enterAt("nodeRangeProperties", i)
				judge(p, member, in.NodeProperties.NodeRangeProperties[i].ConsumableResourceProperties)
				p.leave(2)
			}
			p.leave(1)
		}),
		onSubmission(func(p *pass, s *submission) {
			judge(p, "consumableResourcePropertiesOverride", s.in.ConsumableResourcePropertiesOverride)
		}),
	}
}

func namesConsumable(name string) bool {
	if strings.HasPrefix(name, "arn:") {
		return named(name, "consumable-resource/", isResourceName)
	}
	return validDefinitionName(name) // one alphabet and one length for all names
}

// consumableName is the name of a resource that is given by name or ARN.
func consumableName(text string) string { return resourceName(text, ":consumable-resource/") }

// takesConsumables reports whether a submission or its definition lists consumable resources.
func takesConsumables(s *submission) bool {
	lists := func(c *types.ConsumableResourceProperties) bool { return c != nil && len(c.ConsumableResourceList) > 0 }
	switch {
	case s.in.ConsumableResourcePropertiesOverride != nil:
		return lists(s.in.ConsumableResourcePropertiesOverride)
	case s.def == nil:
		return false
	case lists(s.def.ConsumableResourceProperties):
		return true
	case s.def.NodeProperties == nil:
		return false
	default:
		return slices.ContainsFunc(s.def.NodeProperties.NodeRangeProperties, func(r types.NodeRangeProperty) bool {
			return lists(r.ConsumableResourceProperties)
		})
	}
}
