package eksprops_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/eksprops"
)

// An init container leaves a tool in a shared volume, and the application uses it.
func Example() {
	tool := eksprops.Init("tool", "public.ecr.aws/aws-cli/aws-cli:2.15.0").
		CPU(0.25).Memory(256).Mount("tools", "/tools").
		Command("cp", "-a", "/usr/local/aws-cli/.", "/tools")
	app := eksprops.App("app", "public.ecr.aws/amazonlinux/amazonlinux:2023").
		CPU(1).Memory(1024).MountReadOnly("tools", "/usr/local/aws-cli").
		Command("/usr/local/aws-cli/v2/current/bin/aws").Args("s3", "ls")
	pod := eksprops.Pod(app).Init(tool).EmptyDir("tools").ServiceAccount("lister")

	json, err := batchjson.MarshalIndent(pod.Properties(), "  ")
	fmt.Println(string(json), err)
	// Output:
	// {
	//   "containers": [
	//     {
	//       "image": "public.ecr.aws/amazonlinux/amazonlinux:2023",
	//       "args": [
	//         "s3",
	//         "ls"
	//       ],
	//       "command": [
	//         "/usr/local/aws-cli/v2/current/bin/aws"
	//       ],
	//       "name": "app",
	//       "resources": {
	//         "limits": {
	//           "cpu": "1",
	//           "memory": "1024Mi"
	//         },
	//         "requests": {
	//           "cpu": "1",
	//           "memory": "1024Mi"
	//         }
	//       },
	//       "volumeMounts": [
	//         {
	//           "mountPath": "/usr/local/aws-cli",
	//           "name": "tools",
	//           "readOnly": true
	//         }
	//       ]
	//     }
	//   ],
	//   "initContainers": [
	//     {
	//       "image": "public.ecr.aws/aws-cli/aws-cli:2.15.0",
	//       "command": [
	//         "cp",
	//         "-a",
	//         "/usr/local/aws-cli/.",
	//         "/tools"
	//       ],
	//       "name": "tool",
	//       "resources": {
	//         "limits": {
	//           "cpu": "0.25",
	//           "memory": "256Mi"
	//         },
	//         "requests": {
	//           "cpu": "0.25",
	//           "memory": "256Mi"
	//         }
	//       },
	//       "volumeMounts": [
	//         {
	//           "mountPath": "/tools",
	//           "name": "tools"
	//         }
	//       ]
	//     }
	//   ],
	//   "serviceAccountName": "lister",
	//   "volumes": [
	//     {
	//       "name": "tools",
	//       "emptyDir": {}
	//     }
	//   ]
	// } <nil>
}

// Request and limit of a resource cannot disagree.
func ExampleAppContainer_CPUBetween() {
	app := eksprops.App("app", "acme/app:1").Memory(512)
	for _, c := range []eksprops.AppContainer{app.CPU(1), app.CPUBetween(1, 2.5), app.CPURequest(1)} {
		r := c.Properties().Resources
		fmt.Println(r.Requests, r.Limits)
	}
	// Output:
	// map[cpu:1 memory:512Mi] map[cpu:1 memory:512Mi]
	// map[cpu:1 memory:512Mi] map[cpu:2.5 memory:512Mi]
	// map[cpu:1 memory:512Mi] map[memory:512Mi]
}

// Builders are values: a base may be shared and forked, and no fork sees the other.
func ExampleApp() {
	base := eksprops.App("app", "acme/app:1").CPU(1).Memory(512)
	small := base.Env("SIZE", "small")
	large := base.Env("SIZE", "large").Memory(4096)

	for _, c := range []eksprops.AppContainer{base, small, large} {
		p := c.Properties()
		fmt.Println(p.Resources.Limits["memory"], len(p.Env), "variables")
	}
	// Output:
	// 512Mi 0 variables
	// 512Mi 1 variables
	// 4096Mi 1 variables
}

// A setup that a hardened cluster takes: no root, nothing writable but a volume in memory.
func ExampleInit() {
	setup := eksprops.Init("setup", "acme/setup:1").CPU(0.25).Memory(64).Mount("run", "/run/acme").
		RunAsUser(1000).RunAsNonRoot().ReadOnlyRootFilesystem().AllowPrivilegeEscalation(false)
	app := eksprops.App("app", "acme/app:1").CPU(1).Memory(512).MountSubPathReadOnly("run", "config", "/etc/acme")
	pod := eksprops.Pod(app).Init(setup).EmptyDirInMemory("run", 16)

	p := pod.Properties()
	fmt.Println(*p.InitContainers[0].SecurityContext.RunAsUser, *p.Volumes[0].EmptyDir.Medium, *p.Volumes[0].EmptyDir.SizeLimit)
	// Output: 1000 Memory 16Mi
}

// What belongs to the pod as a whole: where it runs, as whom, and what it may mount.
func ExamplePod() {
	app := eksprops.App("app", "registry.example/app:1").CPU(1).Memory(512).
		Mount("scratch", "/scratch").MountReadOnly("models", "/models").MountReadOnly("key", "/etc/key")
	pod := eksprops.Pod(app).
		Namespace("batch").Label("team", "vision").ServiceAccount("worker").ImagePullSecret("registry").
		HostNetwork(false).DNSPolicy(eksprops.DNSClusterFirst).
		HostPath("scratch", "/mnt/nvme").
		PersistentVolumeClaimReadOnly("models", "models").
		Secret("key", "signing-key")

	p := pod.Properties()
	fmt.Println(*p.Metadata.Namespace, *p.ServiceAccountName, *p.DnsPolicy, len(p.Volumes), "volumes")
	// Output: batch worker ClusterFirst 3 volumes
}

// A job changes its containers by name, the image included.
func ExampleOverride() {
	change := eksprops.Override(
		eksprops.For("app").Image("acme/app:2").Args("--input", "b.png").Memory(2048)).
		Init(eksprops.For("tool").Env("VERSION", "2.16.0")).
		Label("run", "nightly")

	json, err := batchjson.Marshal(change.Properties())
	fmt.Println(string(json), err)
	// Output:
	// {"podProperties":{"containers":[{"args":["--input","b.png"],"image":"acme/app:2","name":"app","resources":{"limits":{"memory":"2048Mi"},"requests":{"memory":"2048Mi"}}}],"initContainers":[{"env":[{"name":"VERSION","value":"2.16.0"}],"name":"tool"}],"metadata":{"labels":{"run":"nightly"}}}} <nil>
}
