package validate_test

import "testing"

func TestLinuxParameters(t *testing.T) {
	t.Parallel()
	const (
		container = "definition.containerProperties."
		linux     = container + "linuxParameters"
		inRange   = "nodeProperties.nodeRangeProperties[0].container."
	)
	runFindings(t, []findingsTest{
		{
			name: "everything wrong", reason: "no fault hides another", on: "container-ec2",
			set: map[string]string{
				linux:                 `{"maxSwap":-1,"swappiness":-1,"sharedMemorySize":-5,"tmpfs":[{"size":-1,"mountOptions":["RW"]},{"containerPath":"/a"}],"devices":[{"permissions":["READ",""]}]}`,
				container + "ulimits": `[{},{"name":"files","softLimit":2,"hardLimit":1}]`,
			},
			want: []string{
				"LNX010 containerProperties.linuxParameters.devices[0].hostPath", "LNX011 containerProperties.linuxParameters.devices[0].permissions[1]",
				"LNX001 containerProperties.linuxParameters.maxSwap", "LNX006 containerProperties.linuxParameters.sharedMemorySize",
				"LNX002 containerProperties.linuxParameters.swappiness",
				"LNX008 containerProperties.linuxParameters.tmpfs[0].containerPath", "LNX009 containerProperties.linuxParameters.tmpfs[0].mountOptions[0]",
				"LNX007 containerProperties.linuxParameters.tmpfs[0].size", "LNX007 containerProperties.linuxParameters.tmpfs[1].size",
				"LNX013 containerProperties.ulimits[0].hardLimit", "LNX013 containerProperties.ulimits[0].name", "LNX013 containerProperties.ulimits[0].softLimit",
				"LNX012 containerProperties.ulimits[1].name", "LNX014 containerProperties.ulimits[1].softLimit",
			},
		},
		{
			name: "negative swap without swappiness", reason: "the size is wrong, and nothing would be gained by swappiness", on: "container-ec2",
			set: map[string]string{linux: `{"maxSwap":-1}`}, want: []string{"LNX001 containerProperties.linuxParameters.maxSwap"},
		},
		{
			name: "no swap, without swappiness", reason: "0 is a size too", on: "container-ec2",
			set: map[string]string{linux: `{"maxSwap":0}`}, want: []string{"LNX003 containerProperties.linuxParameters.swappiness"},
		},
		{
			name: "hard limit of nothing", reason: "a negative one stands for no limit, 0 does not", on: "container-ec2",
			set:  map[string]string{container + "ulimits": `[{"name":"core","softLimit":1,"hardLimit":0}]`},
			want: []string{"LNX014 containerProperties.ulimits[0].softLimit"},
		},
		{
			name: "range of nodes", reason: "the rules hold inside ranges", on: "multinode",
			set:  map[string]string{"definition." + inRange + "linuxParameters": `{"maxSwap":64}`},
			want: []string{"LNX003 " + inRange + "linuxParameters.swappiness"},
		},
		{
			name: "Fargate", reason: "what has to go is not judged further", on: "container-fargate",
			set: map[string]string{
				linux: `{"swappiness":101,"tmpfs":[{}]}`, container + "ulimits": `[{"name":"files"}]`,
			},
			want: []string{
				"FG006 containerProperties.linuxParameters.swappiness", "FG008 containerProperties.linuxParameters.tmpfs", "FG002 containerProperties.ulimits",
			},
		},
		{
			name: "relative path of a tmpfs", reason: "definitions that have one are registered", on: "container-ec2",
			set: map[string]string{linux: `{"tmpfs":[{"containerPath":"cache","size":64}]}`},
		},
		{
			name: "settings of a tmpfs", reason: "those of the list, with and without a value", on: "container-ec2",
			set: map[string]string{linux: `{"tmpfs":[{"containerPath":"/a","size":64,"mountOptions":["uid=1000","gid","mpol=bind:0","defaults"]}]}`},
		},
		{
			name: "a word that takes no value", reason: "only settings do", on: "container-ec2",
			set:  map[string]string{linux: `{"tmpfs":[{"containerPath":"/a","size":64,"mountOptions":["noexec=1"]}]}`},
			want: []string{"LNX009 containerProperties.linuxParameters.tmpfs[0].mountOptions[0]"},
		},
		{
			name: "empty lists", reason: "tools send them", on: "container-ec2",
			set: map[string]string{linux: `{"devices":[],"tmpfs":[]}`, container + "ulimits": `[]`},
		},
	})
}
