package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// eksVolumeRules are the rules of a pod's volumes, and of where its containers mount them.
var eksVolumeRules = []Rule{
	{
		ID: "EKS020", Title: "a mount names a volume of the pod",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-volume-mount-name-exists",
		Service: "The volumeMounts name is required for eksProperties.",
		reads:   []string{"name", "volumes"},
		check: onPodContainer(func(p *pass, c *podContainer) {
			for i := range c.VolumeMounts {
				switch name := str(c.VolumeMounts[i].Name); {
				case name == "":
					p.fail(at("volumeMounts", i, "name"), "must be set: name the volume to mount")
				case !hasVolume(c.pod.Volumes, name):
					p.fail(at("volumeMounts", i, "name"), "must name a volume of the pod, found %s: add it to volumes", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "EKS021", Title: "a mount path is given, and once in a container",
		Severity: Warning, Platforms: EKS, Source: kubernetes + "concepts/storage/volumes/",
		reads: []string{"mountPath", "volumeMounts"},
		check: onPodContainer(func(p *pass, c *podContainer) {
			for i := range c.VolumeMounts {
				path := str(c.VolumeMounts[i].MountPath)
				if path == "" {
					p.fail(at("volumeMounts", i, "mountPath"), "must be set: say where in the container the volume is to appear")
				} else if mountsAt(c.VolumeMounts[:i], path) {
					p.fail(at("volumeMounts", i, "mountPath"), "must be mounted once in a container, found %s again: choose another path", excerpt(path))
				}
			}
		}),
	},
	{
		// A stack with capitals in these names was registered; it is Kubernetes that refuses the pod. So also below.
		ID: "EKS022", Title: "the name of a pod's volume is a DNS subdomain",
		Severity: Warning, Platforms: EKS, Source: eksVolume,
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			mustBeSubdomain(p, v.Name, "name")
		}),
	},
	{
		ID: "EKS023", Title: "a volume of a pod is of one kind, and its name is unique",
		Severity: Error, Platforms: EKS, Source: eksVolume,
		reads: []string{"name", "volumes"},
		check: onPodVolume(func(p *pass, o *pod, i int, v *types.EksVolume) {
			kinds := 0
			for _, set := range [...]bool{v.EmptyDir != nil, v.HostPath != nil, v.Secret != nil, v.PersistentVolumeClaim != nil} {
				if set {
					kinds++
				}
			}
			if kinds != 1 {
				p.fail(here, "must have one of emptyDir, hostPath, secret and persistentVolumeClaim, found %d", kinds)
			}
			if name := str(v.Name); name != "" && hasVolume(o.Volumes[:i], name) {
				p.fail(at("name"), "must be unique in the pod, found %s again: rename one of the volumes", excerpt(name))
			}
		}),
	},
	{
		ID: "EKS024", Title: "the medium of an emptyDir is empty or Memory",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-empty-dir-medium-value",
		Service: "Invalid Volume mount. Allowed values - Memory or null.",
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			if v.EmptyDir == nil {
				return
			}
			if medium := str(v.EmptyDir.Medium); medium != "" && medium != "Memory" {
				p.fail(at("emptyDir", "medium"), "must be Memory, or absent for the disk of the node, found %s", excerpt(medium))
			}
		}),
	},
	{
		ID: "EKS025", Title: "the size of an emptyDir is a whole number of MiB and ends in Mi",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-empty-dir-size-limit-unit",
		Service: "Invalid empty dir size limit.",
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			if v.EmptyDir == nil || v.EmptyDir.SizeLimit == nil {
				return
			}
			if size := *v.EmptyDir.SizeLimit; !isMebibytes(size) {
				p.fail(at("emptyDir", "sizeLimit"), `must be a whole number of MiB that ends in Mi, found %s: one GiB is "1024Mi"`, excerpt(size))
			}
		}),
	},
	{
		ID: "EKS026", Title: "a persistent volume claim is named by a DNS subdomain",
		Severity: Warning, Platforms: EKS, Source: apiReference + "API_EksPersistentVolumeClaim.html",
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			if v.PersistentVolumeClaim != nil {
				mustBeSubdomain(p, v.PersistentVolumeClaim.ClaimName, "persistentVolumeClaim", "claimName")
			}
		}),
	},
	{
		ID: "EKS027", Title: "a secret that a pod mounts is named by a DNS subdomain",
		Severity: Warning, Platforms: EKS, Source: apiReference + "API_EksSecret.html",
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			if v.Secret != nil {
				mustBeSubdomain(p, v.Secret.SecretName, "secret", "secretName")
			}
		}),
	},
	{
		ID: "EKS028", Title: "the path of a hostPath is absolute",
		Severity: Warning, Platforms: EKS, Source: apiReference + "API_EksHostPath.html",
		check: onPodVolume(func(p *pass, _ *pod, _ int, v *types.EksVolume) {
			if v.HostPath == nil {
				return
			}
			if path := str(v.HostPath.Path); path == "" || path[0] != '/' {
				p.fail(at("hostPath", "path"), "should be absolute, found %s: begin it with a slash", excerpt(path))
			}
		}),
	},
}

// onPodVolume sees each volume of a pod and its index, the path leading to it.
func onPodVolume(check func(*pass, *pod, int, *types.EksVolume)) onPod {
	return func(p *pass, o *pod) {
		for i := range o.Volumes {
			p.enterAt("volumes", i)
			check(p, o, i, &o.Volumes[i])
			p.leave(2)
		}
	}
}

func mountsAt(mounts []types.EksContainerVolumeMount, path string) bool {
	for i := range mounts {
		if str(mounts[i].MountPath) == path {
			return true
		}
	}
	return false
}

func isMebibytes(size string) bool {
	_, ok := mebibytes(size)
	return ok && isQuantity(size)
}
