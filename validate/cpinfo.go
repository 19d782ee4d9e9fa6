package validate

import "strings"

// cpInfoRules are judged with [Strict] only.
var cpInfoRules = []Rule{
	{
		ID: "CP013", Title: "a declared volume is mounted by a container",
		Severity: Info, Platforms: ECS, Source: volumeReference,
		reads: []string{"containers", "mountPoints", "sourceVolume"},
		check: onTask(func(p *pass, t *task) {
			for i := range t.volumes {
				if name := str(t.volumes[i].Name); name != "" && !t.mounts(name) {
					p.fail(at("volumes", i, "name"), "is mounted by no container, found %s: mount it or remove the volume", excerpt(name))
				}
			}
		}),
	},
	{
		ID: "CP016", Title: "ECS Exec needs a role of the job",
		Severity: Info, Platforms: ECS, Source: ecsGuide + "ecs-exec.html",
		reads: []string{"jobRoleArn", "taskRoleArn"},
		check: onTask(func(p *pass, t *task) {
			if isTrue(t.executeCommand) && str(t.role) == "" {
				p.fail(at("enableExecuteCommand"), "needs a role that may open message channels of AWS Systems Manager, found none: set %s", t.roleMember)
			}
		}),
	},
	{
		ID: "CP018", Title: "an image is pinned by a tag or a digest",
		Severity: Info, Platforms: All, Source: containerProperties,
		check: several{
			onContainer(func(p *pass, c *container) { pinned(p, c.image) }),
			onPodContainer(func(p *pass, c *podContainer) { pinned(p, c.Image) }),
		},
	},
}

// mounts reports whether a container of the task mounts the volume.
func (t *task) mounts(volume string) bool {
	if t.single != nil {
		for i := range t.single.MountPoints {
			if str(t.single.MountPoints[i].SourceVolume) == volume {
				return true
			}
		}
	}
	for i := range t.containers {
		for j := range t.containers[i].MountPoints {
			if str(t.containers[i].MountPoints[j].SourceVolume) == volume {
				return true
			}
		}
	}
	return false
}

// pinned judges the image of a container, the path leading to it.
func pinned(p *pass, image *string) {
	if s := str(image); s != "" && floats(s) {
		p.fail(at("image"), "names no version, found %s: the attempts of one job can run different images, give a tag other than latest or a digest", excerpt(s))
	}
}

// floats reports whether an image has neither a digest nor a tag that says which version it is.
func floats(image string) bool {
	if strings.Contains(image, "@") {
		return false
	}
	// A colon before the last slash is that of a port.
	_, tag, tagged := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	return !tagged || tag == "latest"
}
