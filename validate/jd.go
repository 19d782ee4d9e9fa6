package validate

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

const registerJobDefinition = apiReference + "API_RegisterJobDefinition.html"

// jdRules are the rules of the top level of a definition. Unknown members, JD021, show where JSON is read.
var jdRules = []Rule{
	{
		ID: "JD001", Title: "a definition has a name",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.JobDefinitionName == nil {
				p.fail(at("jobDefinitionName"), "must be set: name the definition")
			}
		}),
	},
	{
		ID: "JD002", Title: "the name of a definition is 1 to 128 letters, digits, hyphens and underscores",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		Service: "Job definition name should match a valid pattern.",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if name := in.JobDefinitionName; name != nil && !validDefinitionName(*name) {
				p.fail(at("jobDefinitionName"), "must be 1 to 128 letters, digits, hyphens and underscores, found %s", excerpt(*name))
			}
		}),
	},
	{
		ID: "JD003", Title: "the name of a definition begins with a letter or a digit",
		Severity: Warning, Platforms: All, Source: gitHub + "hashicorp/terraform-provider-aws/issues/2126",
		Service: "Job definition name should match a valid pattern.", Uncertain: true,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			name := str(in.JobDefinitionName)
			if validDefinitionName(name) && (name[0] == '-' || name[0] == '_') {
				p.fail(at("jobDefinitionName"), "should begin with a letter or a digit, found %s: the service once refused others, and Terraform does", excerpt(name))
			}
		}),
	},
	{
		ID: "JD004", Title: "the type of a definition is container or multinode",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			switch in.Type {
			case types.JobDefinitionTypeContainer, types.JobDefinitionTypeMultinode:
			case "":
				p.fail(at("type"), "must be set: container, or multinode")
			default:
				p.fail(at("type"), "must be container or multinode, found %s", excerpt(string(in.Type)))
			}
		}),
	},
	{
		ID: "JD005", Title: "a definition of type container has containerProperties, ecsProperties or eksProperties",
		Severity: Error, Platforms: All, Source: cdkPreflight + "pf-batch-jd-container-type-requires-props",
		Service: needsProperties,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			// Several are JD009's, nodeProperties JD006's.
			if in.Type == types.JobDefinitionTypeContainer && in.ContainerProperties == nil && in.EcsProperties == nil && in.EksProperties == nil && in.NodeProperties == nil {
				p.fail(here, "must have containerProperties, ecsProperties or eksProperties, because the type is container, found none of them")
			}
		}),
	},
	{
		ID: "JD006", Title: "nodeProperties go with the type multinode only",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		Service: needsProperties,
		reads:   []string{"nodeProperties", "type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Type == types.JobDefinitionTypeContainer && in.NodeProperties != nil {
				p.fail(at("nodeProperties"), "must be absent, because the type is container: set type to multinode, or describe the job in containerProperties, ecsProperties or eksProperties")
			}
		}),
	},
	{
		ID: "JD007", Title: "a definition of type multinode has nodeProperties",
		Severity: Error, Platforms: EC2 | EKS | MultiNode, Source: registerJobDefinition,
		Service: "Node properties of multinode job is required.",
		reads:   []string{"type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if in.Type == types.JobDefinitionTypeMultinode && in.NodeProperties == nil {
				p.fail(at("nodeProperties"), "must be set, because the type is multinode: describe the nodes, or set type to container")
			}
		}),
	},
	{
		ID: "JD008", Title: "a multi-node definition says in its node ranges what to run",
		Severity: Error, Platforms: EC2 | EKS | MultiNode, Source: cdkPreflight + "pf-batch-jd-eks-node-properties",
		Service: "Cannot use both nodeProperties and eksProperties",
		reads:   []string{"ecsProperties", "nodeProperties", "type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			// Without nodeProperties the type is as likely to be wrong as the block: JD007.
			if in.Type != types.JobDefinitionTypeMultinode || in.NodeProperties == nil {
				return
			}
			for _, b := range blocksOf(in) {
				f := p.fail(at(b.member), "must be absent, because the type is multinode: move it into nodeProperties.nodeRangeProperties")
				if b.member != "eksProperties" {
					f.Service = "" // known for eksProperties only
				}
			}
		}),
	},
	{
		ID: "JD009", Title: "containerProperties, ecsProperties, eksProperties and nodeProperties exclude each other",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		Service: "Cannot use both X and Y",
		reads:   []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties", "type"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			// With a type that is known, nodeProperties beside another block are JD006's or JD008's.
			if in.Type == types.JobDefinitionTypeMultinode {
				return
			}
			blocks := blocksOf(in)
			if in.NodeProperties != nil && in.Type != types.JobDefinitionTypeContainer {
				blocks = append(blocks, block{"nodeProperties", "nodeProperties"})
			}
			for i := 1; i < len(blocks); i++ {
				p.fail(at(blocks[i].member), "must not stand beside %s: keep the one that describes the job", blocks[0].member).
					saying(blocks[0].service, blocks[i].service)
			}
		}),
	},
	{
		ID: "JD010", Title: "a definition has one platform capability",
		Severity: Error, Platforms: ECS, Source: registerJobDefinition,
		Service: "Exactly 1 capability must be provided.",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if n := len(in.PlatformCapabilities); n > 1 && !onEKS(in) {
				p.fail(at("platformCapabilities"), "must be one capability, found %d: keep the platform that the job is to run on", n)
			}
		}),
	},
	{
		ID: "JD011", Title: "a platform capability is EC2, FARGATE or MANAGED_INSTANCES",
		Severity: Error, Platforms: ECS, Source: userGuide + "ecs-managed-instances-job-definitions.html",
		Service: "Capability X is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if onEKS(in) {
				return // JD012
			}
			for i, c := range in.PlatformCapabilities {
				switch c {
				case types.PlatformCapabilityEc2, types.PlatformCapabilityFargate, managedInstances:
				default:
					p.fail(at("platformCapabilities", i), "must be EC2, FARGATE or MANAGED_INSTANCES, found %s", excerpt(string(c))).saying(string(c))
				}
			}
		}),
	},
	{
		ID: "JD012", Title: "a definition for Amazon EKS has no platform capabilities",
		Severity: Error, Platforms: EKS | MultiNode, Source: registerJobDefinition,
		reads: []string{"container", "containerProperties", "ecsProperties", "eksProperties", "nodeProperties"},
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if len(in.PlatformCapabilities) > 0 && onEKS(in) {
				p.fail(at("platformCapabilities"), "must be absent, because the job runs on Amazon EKS: remove it")
			}
		}),
	},
	{
		ID: "JD014", Title: "tags are not propagated on Amazon EKS",
		Severity: Error, Platforms: EKS | MultiNode, Source: cdkPreflight + "pf-batch-jd-eks-propagate-tags",
		Service: "Batch on EKS does not support tag propagation.",
		reads:   []string{"container", "containerProperties", "ecsProperties", "eksProperties", "nodeProperties"},
		check: several{
			onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
				if isTrue(in.PropagateTags) && onEKS(in) {
					p.fail(at("propagateTags"), "must not be true, because the job runs on Amazon EKS: remove it, and set labels in podProperties.metadata")
				}
			}),
			// What the service says to a submission is not known.
			onSubmission(func(p *pass, s *submission) {
				if isTrue(s.in.PropagateTags) && s.def != nil && onEKS(s.def) {
					p.warn(at("propagateTags"), "has no effect, because the job runs on Amazon EKS: remove it, and set labels in podProperties.metadata of eksPropertiesOverride")
				}
			}),
		},
	},
	{
		ID: "JD015", Title: "propagated tags, those of the job and those of its definition, are at most 50",
		Severity: Error, Platforms: ECS, Source: registerJobDefinition,
		reads: []string{"containerProperties", "ecsProperties", "eksProperties", "nodeProperties", "propagateTags"},
		check: onSubmission(propagatedTags),
	},
	{
		ID: "JD016", Title: "schedulingPriority is 0 to 9999",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		Service: "Scheduling priority must be between 0 and 9999.",
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if n := num(in.SchedulingPriority); n < 0 || n > maxSchedulingPriority {
				p.fail(at("schedulingPriority"), "must be 0 to %d, found %d", maxSchedulingPriority, n)
			}
		}),
	},
	{
		ID: "JD017", Title: "a definition is at most 24 KiB",
		Severity: Error, Platforms: All, Source: serviceLimits,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			if atMost(in, maxDefinitionBytes) {
				return
			}
			if n, err := batchjson.Size(in); err == nil && n > maxDefinitionBytes {
				p.fail(here, "must be at most %d bytes as JSON, found %d: move long commands and data into the image or into Amazon S3", maxDefinitionBytes, n)
			}
		}),
	},
	{
		ID: "JD022", Title: "members that the API requires are present",
		Severity: Error, Platforms: All, Source: registerJobDefinition,
		check: several{onDefinition(required), onRetry(requiredOfRetry), onSubmission(requiredOfSubmission)},
	},
}

var nameLetters = alphabetOf(letters + digitLetters + "_-")

func validDefinitionName(name string) bool {
	return name != "" && len(name) <= 128 && nameLetters.writes(name)
}

// needsProperties is the service's answer to a definition of type container that does not say what to run.
const needsProperties = "ECS ContainerProperties, ecsProperties, or eksProperties is required when using type container."

const (
	maxSchedulingPriority = 9999
	maxTags               = 50
)

// block is one of the members that say what a definition runs.
type block struct {
	member  string
	service string // what the service calls it in its answers
}

// blocksOf returns the blocks of a single-node definition that are present.
func blocksOf(in *batch.RegisterJobDefinitionInput) []block {
	out := make([]block, 0, 4)
	if in.ContainerProperties != nil {
		out = append(out, block{"containerProperties", "ECS containerProperties"})
	}
	if in.EcsProperties != nil {
		out = append(out, block{"ecsProperties", "ecsProperties"})
	}
	if in.EksProperties != nil {
		out = append(out, block{"eksProperties", "eksProperties"})
	}
	return out
}

// onEKS reports whether the definition, or a range of its nodes, is for Amazon EKS and for nothing else.
// One that mixes kinds has that fault first, and says nothing sure of its platform.
func onEKS(in *batch.RegisterJobDefinitionInput) bool {
	if in.ContainerProperties != nil || in.EcsProperties != nil {
		return false
	}
	if in.NodeProperties == nil {
		return in.EksProperties != nil
	}
	return slices.ContainsFunc(in.NodeProperties.NodeRangeProperties, func(r types.NodeRangeProperty) bool {
		return r.EksProperties != nil && r.EcsProperties == nil && r.Container == nil
	})
}

// propagatedTags counts the tags that a job of one container or task hands to Amazon ECS.
func propagatedTags(p *pass, s *submission) {
	if s.payload != containerPayload && s.payload != ecsPayload {
		return // Pods take no tags and nodes are not given any.
	}
	propagate := s.def.PropagateTags
	if s.in.PropagateTags != nil {
		propagate = s.in.PropagateTags
	}
	if !isTrue(propagate) {
		return
	}
	n := len(s.def.Tags)
	for key := range s.in.Tags {
		if _, shared := s.def.Tags[key]; !shared {
			n++
		}
	}
	// More than 50 in one request is a fault of its own.
	if n > maxTags && len(s.in.Tags) <= maxTags && len(s.def.Tags) <= maxTags {
		p.fail(at("tags"), "must be at most %d together with the tags of the definition, because they are propagated, found %d: the job would fail; drop some, or set propagateTags to false", maxTags, n)
	}
}
