package batchtest_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestContainerSpec(t *testing.T) {
	t.Parallel()
	type row struct {
		name, reason string
		edit         func(*batch.RegisterJobDefinitionInput)
		want         batchtest.ContainerSpec
	}
	volume := types.Volume{Name: aws.String("v")}
	mount := types.MountPoint{SourceVolume: aws.String("v"), ContainerPath: aws.String("/data/")}
	rows := []row{
		{"container", "what is not said is the engine's default", func(in *batch.RegisterJobDefinitionInput) {},
			batchtest.ContainerSpec{VCPUs: 1, MemoryMiB: 2048, StopTimeout: 30 * time.Second}},
		{"settings", "they come as they are", func(in *batch.RegisterJobDefinitionInput) {
			p := in.ContainerProperties
			p.Command, p.User = []string{"a", "b"}, aws.String("me")
			p.Privileged, p.ReadonlyRootFilesystem = aws.Bool(true), aws.Bool(true)
			p.ResourceRequirements[0].Value = aws.String("4")
		}, batchtest.ContainerSpec{Cmd: []string{"a", "b"}, VCPUs: 4, MemoryMiB: 2048, User: "me", Privileged: true, ReadonlyRootFilesystem: true, StopTimeout: 30 * time.Second}},
		{"volume on EC2", "the engine fills it", func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties.Volumes, in.ContainerProperties.MountPoints = []types.Volume{volume}, []types.MountPoint{mount}
		}, batchtest.ContainerSpec{VCPUs: 1, MemoryMiB: 2048, StopTimeout: 30 * time.Second, Mounts: []batchtest.Mount{{Path: "/data", Fill: batchtest.FillAlways}}}},
		{"volume on Fargate", "it is filled where the image declares it", func(in *batch.RegisterJobDefinitionInput) {
			in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
			in.ContainerProperties.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/execution")
			in.ContainerProperties.Volumes, in.ContainerProperties.MountPoints = []types.Volume{volume}, []types.MountPoint{mount}
		}, batchtest.ContainerSpec{VCPUs: 1, MemoryMiB: 2048, StopTimeout: 30 * time.Second, Mounts: []batchtest.Mount{{Path: "/data", Fill: batchtest.FillDeclared}}}},
		{"folder of the host", "nobody fills it", func(in *batch.RegisterJobDefinitionInput) {
			of := volume
			of.Host = &types.Host{SourcePath: aws.String("/mnt")}
			at := mount
			at.ReadOnly = aws.Bool(true)
			in.ContainerProperties.Volumes, in.ContainerProperties.MountPoints = []types.Volume{of}, []types.MountPoint{at}
		}, batchtest.ContainerSpec{VCPUs: 1, MemoryMiB: 2048, StopTimeout: 30 * time.Second, Mounts: []batchtest.Mount{{Path: "/data", ReadOnly: true}}}},
		{"task", "each container has its own", func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties = nil
			in.EcsProperties = &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{Containers: []types.TaskContainerProperties{{
				Name: aws.String("c"), Image: aws.String("app"), User: aws.String("1:2"), StopTimeout: aws.Int32(7), ResourceRequirements: resources(),
			}}}}}
		}, batchtest.ContainerSpec{VCPUs: 1, MemoryMiB: 2048, User: "1:2", StopTimeout: 7 * time.Second}},
		{"pod", "command is the entry point, the limit of memory holds", func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties = nil
			in.EksProperties = &types.EksProperties{PodProperties: &types.EksPodProperties{Containers: []types.EksContainer{{
				Image: aws.String("app"), Command: []string{"run"}, Args: []string{"x"},
				Resources:       &types.EksContainerResourceRequirements{Limits: map[string]string{"cpu": "0.5", "memory": "64Mi"}},
				SecurityContext: &types.EksContainerSecurityContext{RunAsUser: aws.Int64(1), RunAsGroup: aws.Int64(2), ReadOnlyRootFilesystem: aws.Bool(true)},
			}}}}
		}, batchtest.ContainerSpec{Entrypoint: []string{"run"}, Cmd: []string{"x"}, VCPUs: 0.5, MemoryMiB: 64, User: "1:2", ReadonlyRootFilesystem: true, StopTimeout: 30 * time.Second}},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		b := start(t)
		var got batchtest.ContainerSpec
		b.define("app", batchtest.Func(func(_ context.Context, c *batchtest.Container) int {
			got = c.Spec()
			for _, m := range got.Mounts {
				if info, err := os.Stat(m.Folder); err != nil || !info.IsDir() || m.Folder != c.Path(m.Path) {
					t.Errorf("the folder of %s is %q, want that of Path, which is there", m.Path, m.Folder)
				}
			}
			return 0
		}), r.edit)
		if d := b.ended(b.submit("app")); d.Status != types.JobStatusSucceeded {
			t.Fatal(aws.ToString(d.StatusReason))
		}
		if diff := cmp.Diff(r.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(batchtest.Mount{}, "Folder")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.reason, diff)
		}
	})
}
