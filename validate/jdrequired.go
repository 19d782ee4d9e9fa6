package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// required reports the members that the API model requires and that are absent. Some have a rule of their own,
// which knows better what to say: images (CP001), resource requirements (RR003, RR005), tasks and their containers
// (ECS001, ECS002), dependencies (ECS010), FireLens (ECS023), secrets, log drivers, devices, tmpfs, ulimits, S3 Files.
func required(p *pass, in *batch.RegisterJobDefinitionInput) {
	requiredOfContainer(p, "containerProperties", in.ContainerProperties)
	requiredOfTasks(p, in.EcsProperties)
	requiredOfPod(p, in.EksProperties)
	if in.NodeProperties == nil {
		return
	}
	p.enter("nodeProperties")
	need(p, in.NodeProperties.NumNodes != nil, "the number of nodes", "numNodes")
	need(p, in.NodeProperties.MainNode != nil, "the index of the main node", "mainNode")
	need(p, in.NodeProperties.NodeRangeProperties != nil, "what the nodes run", "nodeRangeProperties")
	for i := range in.NodeProperties.NodeRangeProperties {
		r := &in.NodeProperties.NodeRangeProperties[i]
		p.enterAt("nodeRangeProperties", i)
		need(p, r.TargetNodes != nil, `a range of nodes, such as "0:"`, "targetNodes")
		requiredOfContainer(p, "container", r.Container)
		requiredOfTasks(p, r.EcsProperties)
		requiredOfPod(p, r.EksProperties)
		p.leave(2)
	}
	p.leave(1)
}

// requiredOfRetry is for definitions and submissions.
func requiredOfRetry(p *pass, r *types.RetryStrategy) {
	for i := range r.EvaluateOnExit {
		need(p, r.EvaluateOnExit[i].Action != "", "RETRY or EXIT", "evaluateOnExit", i, "action")
	}
}

// requiredOfSubmission leaves the names of job, queue and definition to the rules of submissions.
func requiredOfSubmission(p *pass, s *submission) {
	if s.in.NodeOverrides == nil {
		return
	}
	for i := range s.in.NodeOverrides.NodePropertyOverrides {
		need(p, s.in.NodeOverrides.NodePropertyOverrides[i].TargetNodes != nil, "the range of the definition to override",
			"nodeOverrides", "nodePropertyOverrides", i, "targetNodes")
	}
}

// need reports a member that is not present.
func need(p *pass, present bool, what string, place ...any) {
	if !present {
		p.fail(place, "must be set: %s", what)
	}
}

func requiredOfContainer(p *pass, member string, c *types.ContainerProperties) {
	if c == nil {
		return
	}
	p.enter(member)
	requiredOfCredentials(p, c.RepositoryCredentials)
	requiredOfStorage(p, c.EphemeralStorage, c.Volumes)
	p.leave(1)
}

func requiredOfTasks(p *pass, ecs *types.EcsProperties) {
	if ecs == nil {
		return
	}
	p.enter("ecsProperties")
	for i := range ecs.TaskProperties {
		t := &ecs.TaskProperties[i]
		p.enterAt("taskProperties", i)
		requiredOfStorage(p, t.EphemeralStorage, t.Volumes)
		for j := range t.Containers {
			p.enterAt("containers", j)
			requiredOfCredentials(p, t.Containers[j].RepositoryCredentials)
			p.leave(2)
		}
		p.leave(2)
	}
	p.leave(1)
}

func requiredOfCredentials(p *pass, c *types.RepositoryCredentials) {
	need(p, c == nil || c.CredentialsParameter != nil, "the ARN or the name of the secret", "repositoryCredentials", "credentialsParameter")
}

func requiredOfStorage(p *pass, e *types.EphemeralStorage, volumes []types.Volume) {
	need(p, e == nil || e.SizeInGiB != nil, "the size of the storage in GiB", "ephemeralStorage", "sizeInGiB")
	for i := range volumes {
		efs := volumes[i].EfsVolumeConfiguration
		need(p, efs == nil || efs.FileSystemId != nil, "the id of the file system", "volumes", i, "efsVolumeConfiguration", "fileSystemId")
	}
}

func requiredOfPod(p *pass, eks *types.EksProperties) {
	if eks == nil || eks.PodProperties == nil {
		return
	}
	pod := eks.PodProperties
	p.enter("eksProperties")
	p.enter("podProperties")
	requiredOfPodContainers(p, "containers", pod.Containers)
	requiredOfPodContainers(p, "initContainers", pod.InitContainers)
	for i := range pod.ImagePullSecrets {
		need(p, pod.ImagePullSecrets[i].Name != nil, "the name of the secret", "imagePullSecrets", i, "name")
	}
	for i := range pod.Volumes {
		v := &pod.Volumes[i]
		need(p, v.Name != nil, "the name that mounts refer to", "volumes", i, "name")
		need(p, v.Secret == nil || v.Secret.SecretName != nil, "the name of the secret", "volumes", i, "secret", "secretName")
		need(p, v.PersistentVolumeClaim == nil || v.PersistentVolumeClaim.ClaimName != nil, "the name of the claim", "volumes", i, "persistentVolumeClaim", "claimName")
	}
	p.leave(2)
}

func requiredOfPodContainers(p *pass, member string, containers []types.EksContainer) {
	for i := range containers {
		need(p, containers[i].Image != nil, "the image to run", member, i, "image")
		for j := range containers[i].Env {
			need(p, containers[i].Env[j].Name != nil, "the name of the variable", member, i, "env", j, "name")
		}
	}
}
