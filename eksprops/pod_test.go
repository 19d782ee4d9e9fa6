package eksprops_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// What the methods of a pod and its containers write, in the service's own spelling.
func TestPod(t *testing.T) {
	t.Parallel()
	app := eksprops.App("app", "busybox")
	pod := eksprops.Pod(app)
	tests := []struct {
		name, reason string
		pod          eksprops.JobPod
		want         string // beside or in place of the base
	}{
		{"nothing", "a pod is its containers", pod, `{"containers":[{"image":"busybox","name":"app"}]}`},
		{
			"volumes", "one source each, and the members that are not wanted stay away",
			pod.EmptyDir("a").EmptyDirUpTo("b", 64).EmptyDirInMemory("c", 0).EmptyDirInMemory("d", 32).
				HostPath("e", "/data").Secret("f", "key").OptionalSecret("g", "key").
				PersistentVolumeClaim("h", "claim").PersistentVolumeClaimReadOnly("i", "claim"),
			`{"containers":[{"image":"busybox","name":"app"}],"volumes":[` +
				`{"name":"a","emptyDir":{}},{"name":"b","emptyDir":{"sizeLimit":"64Mi"}},` +
				`{"name":"c","emptyDir":{"medium":"Memory"}},{"name":"d","emptyDir":{"medium":"Memory","sizeLimit":"32Mi"}},` +
				`{"name":"e","hostPath":{"path":"/data"}},{"name":"f","secret":{"secretName":"key"}},` +
				`{"name":"g","secret":{"secretName":"key","optional":true}},` +
				`{"name":"h","persistentVolumeClaim":{"claimName":"claim"}},` +
				`{"name":"i","persistentVolumeClaim":{"claimName":"claim","readOnly":true}}]}`,
		},
		{
			"mounts", "volume, path in the volume and path in the container do not get mixed up",
			eksprops.Pod(app.Mount("v", "/a").MountReadOnly("v", "/b").MountSubPath("v", "sub", "/c").MountSubPathReadOnly("v", "sub", "/d")),
			`{"containers":[{"image":"busybox","name":"app","volumeMounts":[{"name":"v","mountPath":"/a"},` +
				`{"name":"v","mountPath":"/b","readOnly":true},{"name":"v","subPath":"sub","mountPath":"/c"},` +
				`{"name":"v","subPath":"sub","mountPath":"/d","readOnly":true}]}]}`,
		},
		{
			"security", "each call adds to the context, and an explicit no is sent",
			eksprops.Pod(app.RunAsUser(0).RunAsGroup(7).RunAsNonRoot().ReadOnlyRootFilesystem().AllowPrivilegeEscalation(false)),
			`{"containers":[{"image":"busybox","name":"app","securityContext":{"runAsUser":0,"runAsGroup":7,` +
				`"runAsNonRoot":true,"readOnlyRootFilesystem":true,"allowPrivilegeEscalation":false}}]}`,
		},
		{
			"environment", "a variable is there once, in its first place",
			eksprops.Pod(app.Env("A", "1").Env("B", "2").Env("A", "3")),
			`{"containers":[{"image":"busybox","name":"app","env":[{"name":"A","value":"3"},{"name":"B","value":"2"}]}]}`,
		},
		{
			"the node's network", "true is the default, so both must be sent",
			pod.HostNetwork(false).DNSPolicy(eksprops.DNSClusterFirst),
			`{"containers":[{"image":"busybox","name":"app"}],"hostNetwork":false,"dnsPolicy":"ClusterFirst"}`,
		},
		{
			"metadata", "labels, annotations and namespace share a struct",
			pod.Label("team", "a").Label("team", "b").Annotation("why", "test").Namespace("batch"),
			`{"containers":[{"image":"busybox","name":"app"}],` +
				`"metadata":{"labels":{"team":"b"},"annotations":{"why":"test"},"namespace":"batch"}}`,
		},
		{
			"init containers", "they keep the order of the calls, which is the order in which they run",
			pod.Init(eksprops.Init("one", "busybox")).Init(eksprops.Init("two", "busybox"), eksprops.Init("three", "busybox")),
			`{"containers":[{"image":"busybox","name":"app"}],"initContainers":[{"image":"busybox","name":"one"},` +
				`{"image":"busybox","name":"two"},{"image":"busybox","name":"three"}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("no reason")
			}
			var want types.EksPodProperties
			if err := batchjson.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, tt.pod.Properties(), buildertest.Ignore); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestPayload(t *testing.T) {
	t.Parallel()
	pod := eksprops.Pod(eksprops.App("app", "busybox")).ShareProcessNamespace()
	var in batch.RegisterJobDefinitionInput
	pod.ApplyTo(&in)
	properties := pod.Properties()
	want := batch.RegisterJobDefinitionInput{
		Type:          types.JobDefinitionTypeContainer,
		EksProperties: &types.EksProperties{PodProperties: &properties},
	}
	if diff := cmp.Diff(want, in, buildertest.Ignore); diff != "" {
		t.Errorf("the platform is not for a pod to say: -want +got\n%s", diff)
	}
}
