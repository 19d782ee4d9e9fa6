package ecsprops_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// A builder made of an existing task says the same, can be changed, and shares nothing with it.
func TestFromExisting(t *testing.T) {
	t.Parallel()
	container := ecsprops.Essential("app", "busybox").VCPU(1).Memory(128).Env("A", "1").Mount("v", "/v")
	task := ecsprops.EC2(container).Volume("v").TaskRole("arn:aws:iam::123456789012:role/job").Properties()
	before := ecsprops.EC2From(task).Properties()

	from := ecsprops.EC2From(task)
	changed := from.Volume("w")
	if diff := cmp.Diff(task, from.Properties(), buildertest.Ignore); diff != "" {
		t.Errorf("the task says something else: -want +got\n%s", diff)
	}
	*task.Containers[0].Environment[0].Value = "scribbled"
	*changed.Properties().Volumes[0].Name = "scribbled"
	if diff := cmp.Diff(before, from.Properties(), buildertest.Ignore); diff != "" {
		t.Errorf("the builder shares memory: -want +got\n%s", diff)
	}
	if got := changed.Properties().Volumes; len(got) != 2 {
		t.Errorf("the change is lost: %v", got)
	}

	properties := container.Properties()
	helper := ecsprops.NonEssentialFrom(properties).Env("A", "2")
	if p := helper.Properties(); *p.Essential || *p.Environment[0].Value != "2" || *p.Name != "app" {
		t.Errorf("got %+v", p)
	}
	if p := ecsprops.EssentialFrom(helper.Properties()).Properties(); !*p.Essential {
		t.Error("the container is not essential")
	}
	if *properties.Environment[0].Value != "1" {
		t.Error("the change of a builder reached what it was made of")
	}
	if p := ecsprops.FargateFrom(types.EcsTaskProperties{}).EphemeralStorage(30).Properties(); *p.EphemeralStorage.SizeInGiB != 30 {
		t.Errorf("got %+v", p)
	}
}
