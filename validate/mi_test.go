package validate_test

import "testing"

func TestManagedInstances(t *testing.T) {
	t.Parallel()
	const (
		platform = "definition.platformCapabilities"
		managed  = `["MANAGED_INSTANCES"]`
		task     = "ecsProperties.taskProperties[0]."
	)
	runFindings(t, []findingsTest{
		{
			name: "a definition of Fargate", reason: "the whole block has to go, its platform version with it", on: "container-fargate",
			set: map[string]string{
				platform: managed, "definition.containerProperties.fargatePlatformConfiguration": `{"platformVersion":"1.4.0"}`,
			},
			want: []string{"MI001 containerProperties"},
		},
		{
			name: "everything wrong", reason: "no fault hides another", on: "ecs-ec2",
			set: map[string]string{
				platform: managed, "definition." + task + "platformVersion": `"LATEST"`,
				"definition." + task + "runtimePlatform":                `{"operatingSystemFamily":"WINDOWS","cpuArchitecture":"x86"}`,
				"definition." + task + "containers[0].logConfiguration": `{"logDriver":"syslog"}`,
			},
			want: []string{
				"MI008 " + task + "containers[0].logConfiguration.logDriver", "MI007 " + task + "platformVersion",
				"MI004 " + task + "runtimePlatform.cpuArchitecture", "MI003 " + task + "runtimePlatform.operatingSystemFamily",
			},
		},
		{
			name: "what Fargate refuses", reason: "there is a host to share", on: "ecs-ec2",
			set: map[string]string{
				platform: managed, "definition." + task + "containers[0].privileged": `true`, "definition." + task + "volumes[0].host.sourcePath": `"/data"`,
				"definition." + task + "containers[0].linuxParameters":         `{"devices":[{"hostPath":"/dev/fuse"}],"tmpfs":[{"containerPath":"/a","size":1}]}`,
				"definition." + task + "containers[0].ulimits":                 `[{"name":"nofile","softLimit":1024,"hardLimit":1024}]`,
				"definition." + task + "containers[0].resourceRequirements[2]": `{"type":"GPU","value":"1"}`,
			},
		},
		{
			name: "a tmpfs without a size", reason: "the rules of Linux parameters hold here too", on: "ecs-ec2",
			set: map[string]string{
				platform: managed, "definition." + task + "containers[0].linuxParameters": `{"tmpfs":[{"containerPath":"/a"}]}`,
			},
			want: []string{"LNX007 " + task + "containers[0].linuxParameters.tmpfs[0].size"},
		},
		{
			name: "nodes on EKS", reason: "the capability is wrong for a pod, and nothing else", on: "multinode",
			set: map[string]string{
				platform: managed, "definition.nodeProperties.nodeRangeProperties[0]": `{"targetNodes":"0:","eksProperties":{"podProperties":{"containers":[{"image":"a:1","resources":{"limits":{"cpu":"1","memory":"512Mi"}}}]}}}`,
			},
			want: []string{"JD012 platformCapabilities"},
		},
	})
}
