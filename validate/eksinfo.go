package validate

// eksInfoRules say how the containers of a pod work together. They are judged with [Strict] only.
var eksInfoRules = []Rule{
	{
		ID: "EKS006", Title: "a container of a pod has a name of its own",
		Severity: Info, Platforms: EKS, Source: multiContainer, Uncertain: true,
		check: onPodContainer(func(p *pass, c *podContainer) {
			if str(c.Name) == "" && !c.init && len(c.pod.Containers) == 1 {
				p.fail(at("name"), "is not set, and documents differ on whether the service then takes Default or default: give a name to be sure of it")
			}
		}),
	},
	{
		ID: "EKS019", Title: "a pod on the network of its node resolves names with ClusterFirstWithHostNet",
		Severity: Info, Platforms: EKS, Source: kubernetes + "concepts/services-networking/dns-pod-service/#pod-s-dns-policy",
		reads: []string{"hostNetwork"},
		check: onPod(func(p *pass, o *pod) {
			if str(o.DnsPolicy) == clusterFirst && o.hostNetwork() {
				p.fail(at("dnsPolicy"), "is ClusterFirst, and hostNetwork is true, its default: names of services in the cluster are not found, use ClusterFirstWithHostNet if the job needs them")
			}
		}),
	},
	{
		ID: "EKS042", Title: "every container of a pod decides on the outcome of the job",
		Severity: Info, Platforms: EKS, Source: multiContainer,
		check: onPod(func(p *pass, o *pod) {
			if n := len(o.Containers); n > 1 {
				p.fail(at("containers"), "are %d, and one exit code other than 0 among them fails the job: there is no essential and no dependsOn here, only init containers come first", n)
			}
		}),
	},
	{
		ID: "EKS043", Title: "init containers run one after the other before the job is RUNNING",
		Severity: Info, Platforms: EKS, Source: multiContainer,
		check: onPod(func(p *pass, o *pod) {
			if n := len(o.InitContainers); n > 0 {
				p.fail(at("initContainers"), "run in the order given, %s, each to its success, while the job is STARTING: the timeout does not count that time", podNames(o.InitContainers))
			}
		}),
	},
}
