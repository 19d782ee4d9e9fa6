package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

var notJudgedOVR = []NotJudged{
	{"OVR012", "the environment of an override keeps the rules of environments", "CP005 to CP009, and EKS038 for pods, judge overrides too"},
	{"OVR022", "images of ECS containers, roles, volumes, logging and more have no override", "a submission has no members for them; JSON that has some is at fault where it is read"},
	{"OVR023", "overridden consumable resources keep the rules of consumable resources", "the CR rules judge submissions too"},
}

// overriddenResources judges the resources of a pod's containers with an override laid over them.
func overriddenResources(p *pass, member string, list []types.EksContainerOverride, of []types.EksContainer) {
	for i := range list {
		over, own := list[i].Resources, overriddenIn(of, &list[i])
		// Resources that are complete may well replace the others.
		if over == nil || own == nil || own.Resources == nil || completeResources(over) {
			continue
		}
		for _, name := range [...]string{podCPU, podMemory, podGPU} {
			limit, limited := over.Limits[name]
			request, requested := over.Requests[name]
			switch {
			case limited == requested: // both or neither: EKS011, EKS013 and EKS015 judge the two
			case limited && contradict(name, limit, own.Resources.Requests[name]):
				p.fail(at(member, i, "resources", "limits", name), "must go with the request of the definition, %s, found %s: override the request too", own.Resources.Requests[name], limit)
			case requested && contradict(name, own.Resources.Limits[name], request):
				p.fail(at(member, i, "resources", "requests", name), "must go with the limit of the definition, %s, found %s: override the limit too", own.Resources.Limits[name], request)
			}
		}
	}
}

// overriddenIn returns the container that an override means, nil when it is none: OVR015.
func overriddenIn(of []types.EksContainer, o *types.EksContainerOverride) *types.EksContainer {
	if name := str(o.Name); name != "" {
		return inPod(of, name)
	}
	if len(of) == 1 {
		return &of[0]
	}
	return nil
}
