package validate

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	eksPod        = apiReference + "API_EksPodProperties.html"
	eksContainer  = apiReference + "API_EksContainer.html"
	eksVolume     = apiReference + "API_EksVolume.html"
	kubernetes    = "https://kubernetes.io/docs/"
	clusterFirst  = "ClusterFirst"
	podNameTaken  = "The container name: X must be unique in multi-container job."
	subdomainText = "at most 253 small letters, digits, hyphens and periods, with a letter or a digit at both ends of each part"
)

// eksRules are the rules of pods and their containers. What is absent and required is JD022's.
var eksRules = []Rule{
	{
		ID: "EKS001", Title: "a pod has 1 to 10 containers",
		Severity: Error, Platforms: EKS, Source: eksPod,
		Service: "Containers must be provided for Batch on EKS jobs.",
		check: onPod(func(p *pass, o *pod) {
			switch n := len(o.Containers); {
			case n == 0:
				p.fail(at("containers"), "must hold at least one container: add the one that does the work")
			case n > maxContainers:
				p.fail(at("containers"), "must be at most %d containers, found %d: merge containers or split the job", maxContainers, n).Service = ""
			}
		}),
	},
	{
		ID: "EKS002", Title: "a pod has at most 10 init containers",
		Severity: Error, Platforms: EKS, Source: eksPod,
		check: onPod(func(p *pass, o *pod) {
			if n := len(o.InitContainers); n > maxContainers {
				p.fail(at("initContainers"), "must be at most %d containers, found %d: join steps that need the same image", maxContainers, n)
			}
		}),
	},
	{
		ID: "EKS003", Title: "a container of a pod has an image",
		Severity: Error, Platforms: EKS, Source: eksContainer,
		Service: "You must provide a container for eksProperties.",
		check: onPodContainer(func(p *pass, c *podContainer) {
			if c.Image != nil && *c.Image == "" {
				p.fail(at("image"), "must not be empty: name the image to run")
			}
		}),
	},
	{
		ID: "EKS004", Title: "container names are unique in a pod, its init containers included",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-container-name-unique",
		Service: podNameTaken,
		reads:   []string{"containers", "initContainers", "name"},
		check: onPod(func(p *pass, o *pod) {
			judge := func(member string, list, before []types.EksContainer) {
				for i := range list {
					name := str(list[i].Name)
					if name != "" && (podHas(before, name) || podHas(list[:i], name)) {
						p.fail(at(member, i, "name"), "must be unique in the pod, found %s again: rename one of the containers", excerpt(name)).saying(name)
					}
				}
			}
			judge("containers", o.Containers, nil)
			judge("initContainers", o.InitContainers, o.Containers)
		}),
	},
	{
		// An init container never is the only one of its pod.
		ID: "EKS005", Title: "each of several containers of a pod has a name",
		Severity: Error, Platforms: EKS, Source: multiContainer,
		Service: podNameTaken,
		check: onPodContainer(func(p *pass, c *podContainer) {
			if str(c.Name) == "" && (c.init || len(c.pod.Containers) > 1) {
				p.fail(at("name"), "must be set where a pod has several containers: all that have no name would share one").saying(podContainerName(c.EksContainer))
			}
		}),
	},
	{
		// Kubernetes itself takes no capitals. The service's own default name has one.
		ID: "EKS007", Title: "the name of a pod's container is 1 to 63 letters, digits and hyphens, and begins with a letter or a digit",
		Severity: Error, Platforms: EKS, Source: userGuide + "create-job-definition-eks.html",
		check: onPodContainer(func(p *pass, c *podContainer) {
			if name := str(c.Name); name != "" && (len(name) > maxLabel || !labelLetters.writes(name) || name[0] == '-') {
				p.fail(at("name"), "must be at most %d letters, digits and hyphens, and begin with a letter or a digit, found %s", maxLabel, excerpt(name))
			}
		}),
	},
	{
		ID: "EKS017", Title: "imagePullPolicy is Always, IfNotPresent or Never",
		Severity: Error, Platforms: EKS, Source: eksContainer,
		Service: "Unsupported image pull policy value.",
		check: onPodContainer(func(p *pass, c *podContainer) {
			switch policy := str(c.ImagePullPolicy); policy {
			case "", "Always", "IfNotPresent", "Never":
			default:
				p.fail(at("imagePullPolicy"), "must be Always, IfNotPresent or Never, found %s", excerpt(policy))
			}
		}),
	},
	{
		ID: "EKS018", Title: "dnsPolicy is Default, ClusterFirst or ClusterFirstWithHostNet",
		Severity: Error, Platforms: EKS, Source: eksPod,
		Service: "Unsupported DNS policy value.",
		check: onPod(func(p *pass, o *pod) {
			switch policy := str(o.DnsPolicy); policy {
			case "", "Default", clusterFirst, "ClusterFirstWithHostNet":
			default:
				p.fail(at("dnsPolicy"), "must be Default, ClusterFirst or ClusterFirstWithHostNet, found %s", excerpt(policy))
			}
		}),
	},
	{
		ID: "EKS029", Title: "an image pull secret is named by a DNS subdomain",
		Severity: Error, Platforms: EKS, Source: apiReference + "API_ImagePullSecret.html",
		check: onPod(func(p *pass, o *pod) {
			for i := range o.ImagePullSecrets {
				mustBeSubdomain(p, o.ImagePullSecrets[i].Name, "imagePullSecrets", i, "name")
			}
		}),
	},
	{
		ID: "EKS038", Title: "an environment variable of a pod has a name",
		Severity: Error, Platforms: EKS, Source: apiReference + "API_EksContainerEnvironmentVariable.html",
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if env[i].Name != nil && *env[i].Name == "" {
					p.fail(at(i, "name"), "must not be empty: name the variable")
				}
			}
		}),
	},
	{
		// Kubernetes does not start such a pod, or does not take it.
		ID: "EKS039", Title: "a security context does not contradict itself",
		Severity: Error, Platforms: EKS, Source: kubernetes + "tasks/configure-pod-container/security-context/",
		reads: []string{"privileged", "runAsNonRoot"},
		check: onPodContainer(func(p *pass, c *podContainer) {
			s := c.SecurityContext
			if s == nil {
				return
			}
			if isTrue(s.RunAsNonRoot) && s.RunAsUser != nil && *s.RunAsUser == 0 {
				p.fail(at("securityContext", "runAsUser"), "must not be 0, which is root, because runAsNonRoot is true: give another user, or drop runAsNonRoot")
			}
			if isTrue(s.Privileged) && s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation {
				p.fail(at("securityContext", "allowPrivilegeEscalation"), "must not be false, because privileged is true: remove one of the two")
			}
		}),
	},
	{
		ID: "EKS040", Title: "a service account is named by a DNS subdomain",
		Severity: Warning, Platforms: EKS, Source: kubernetes + "tasks/configure-pod-container/configure-service-account/",
		check: onPod(func(p *pass, o *pod) {
			if name := o.ServiceAccountName; name != nil && !isSubdomain(*name) {
				p.fail(at("serviceAccountName"), "should be %s, found %s", subdomainText, excerpt(*name))
			}
		}),
	},
	{
		ID: "EKS044", Title: "every container of a pod comes to its end",
		Severity: Warning, Platforms: EKS, Source: multiContainer,
		check: onPodContainer(func(p *pass, c *podContainer) {
			if waitsForever(c.Command, c.Args) {
				p.fail(here, "must come to its end, found a command that waits for ever: the job ends with the last container of the pod, no container is non-essential here")
			}
		}),
	},
}

var notJudgedEKS = []NotJudged{
	{"EKS041", "platformCapabilities and propagateTags are absent on Amazon EKS", "JD012 and JD014 judge it"},
}

// podHas reports whether one of the containers has that name.
func podHas(list []types.EksContainer, name string) bool {
	for i := range list {
		if str(list[i].Name) == name {
			return true
		}
	}
	return false
}

// mustBeSubdomain reports a name that is set and is no DNS subdomain.
func mustBeSubdomain(p *pass, name *string, place ...any) {
	if name != nil && !isSubdomain(*name) {
		p.fail(place, "must be %s, found %s", subdomainText, excerpt(*name))
	}
}

// waitsForever reports whether a command has one of the usual ways to keep a container alive.
func waitsForever(command, args []string) bool {
	last := ""
	for _, list := range [2][]string{command, args} {
		for _, arg := range list {
			switch {
			case arg == "infinity" && strings.HasSuffix(last, "sleep"), arg == "/dev/null" && last == "-f",
				strings.Contains(arg, "sleep infinity"), strings.Contains(arg, "tail -f /dev/null"):
				return true
			}
			last = arg
		}
	}
	return false
}
