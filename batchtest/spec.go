package batchtest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A payload is what a definition, or a range of nodes, has to run: one of three.
type payload struct {
	container *types.ContainerProperties
	ecs       *types.EcsProperties
	eks       *types.EksProperties
}

// overrides are those that go with a payload.
type overrides struct {
	container *types.ContainerOverrides
	ecs       *types.EcsPropertiesOverride
	eks       *types.EksPropertiesOverride
}

// overridden returns a payload with overrides laid over it. p is not changed.
func (p payload) overridden(o overrides) payload {
	switch {
	case p.eks != nil && p.eks.PodProperties != nil:
		return payload{eks: overridePod(p.eks, o.eks)}
	case p.ecs != nil && len(p.ecs.TaskProperties) > 0:
		return payload{ecs: overrideTask(p.ecs, o.ecs)}
	case p.container != nil:
		return payload{container: overrideContainer(p.container, o.container)}
	}
	return payload{}
}

// A taskSpec is what one ECS task or one pod of Kubernetes runs. One of
// container, task and pod is how the service describes it.
type taskSpec struct {
	containers []containerSpec
	volumes    map[string]volumeSpec
	takes      resources // of an instance

	container *types.ContainerDetail        // of containerProperties
	task      *types.EcsTaskDetails         // of ecsProperties
	pod       *types.EksPodPropertiesDetail // of eksProperties
}

// A containerSpec is a container as the task starts it.
type containerSpec struct {
	name         string
	image        string
	command      []string
	args         []string // of a pod
	environment  []types.KeyValuePair
	mounts       []mountSpec
	essential    bool
	dependsOn    []edge
	startTimeout time.Duration // 0 for none
	stopTimeout  time.Duration
}

// An edge is a dependency between containers of a task.
type edge struct {
	on        int // index of the container
	condition string
}

const defaultStopTimeout = 30 * time.Second

// defaultContainer is the name of a container that is given none.
const defaultContainer = "default"

// taskSpec returns what a payload runs.
func (w *work) taskSpec(p payload) (spec *taskSpec, err error) {
	switch {
	case p.eks != nil:
		spec, err = w.podSpec(p.eks.PodProperties)
	case p.ecs != nil:
		spec, err = w.ecsSpec(&p.ecs.TaskProperties[0])
	case p.container != nil:
		spec, err = w.containerSpec(p.container)
	default:
		err = refuse("JobDefinition %s has nothing to run", aws.ToString(w.definition.detail.JobDefinitionArn))
	}
	if err != nil {
		return nil, err
	}
	spec.takes = spec.measure()
	return spec, nil
}

// containerSpec takes over containerProperties.
func (w *work) containerSpec(c *types.ContainerProperties) (*taskSpec, error) {
	command, err := w.substitute(c.Command)
	if err != nil {
		return nil, err
	}
	detail := &types.ContainerDetail{
		Command: command, EnableExecuteCommand: c.EnableExecuteCommand, Environment: c.Environment, EphemeralStorage: c.EphemeralStorage,
		ExecutionRoleArn: c.ExecutionRoleArn, FargatePlatformConfiguration: c.FargatePlatformConfiguration, Image: c.Image,
		InstanceType: c.InstanceType, JobRoleArn: c.JobRoleArn, LinuxParameters: c.LinuxParameters, LogConfiguration: c.LogConfiguration,
		MountPoints: c.MountPoints, NetworkConfiguration: c.NetworkConfiguration, Privileged: c.Privileged,
		ReadonlyRootFilesystem: c.ReadonlyRootFilesystem, RepositoryCredentials: c.RepositoryCredentials,
		ResourceRequirements: c.ResourceRequirements, RuntimePlatform: c.RuntimePlatform, Secrets: c.Secrets, Ulimits: c.Ulimits,
		User: c.User, Volumes: c.Volumes,
	}
	takeLegacy(detail, c)
	return &taskSpec{
		container: detail,
		volumes:   ecsVolumes(c.Volumes),
		containers: []containerSpec{{
			name: defaultContainer, image: aws.ToString(c.Image), command: command, environment: c.Environment,
			mounts: ecsMounts(c.MountPoints), essential: true, stopTimeout: defaultStopTimeout,
		}},
	}, nil
}

// ecsSpec takes over ecsProperties.
func (w *work) ecsSpec(t *types.EcsTaskProperties) (*taskSpec, error) {
	detail := &types.EcsTaskDetails{
		EnableExecuteCommand: t.EnableExecuteCommand, EphemeralStorage: t.EphemeralStorage, ExecutionRoleArn: t.ExecutionRoleArn,
		IpcMode: t.IpcMode, NetworkConfiguration: t.NetworkConfiguration, PidMode: t.PidMode, PlatformVersion: t.PlatformVersion,
		RuntimePlatform: t.RuntimePlatform, TaskRoleArn: t.TaskRoleArn, Volumes: t.Volumes,
	}
	spec := &taskSpec{task: detail, volumes: ecsVolumes(t.Volumes)}
	names := map[string]int{}
	for i, c := range t.Containers {
		names[aws.ToString(c.Name)] = i
	}
	for i := range t.Containers {
		c := &t.Containers[i]
		command, err := w.substitute(c.Command)
		if err != nil {
			return nil, err
		}
		d := types.TaskContainerDetails{
			Command: command, DependsOn: c.DependsOn, Environment: c.Environment, Essential: c.Essential,
			FirelensConfiguration: c.FirelensConfiguration, Image: c.Image, LinuxParameters: c.LinuxParameters,
			LogConfiguration: c.LogConfiguration, MountPoints: c.MountPoints, Name: c.Name, Privileged: c.Privileged,
			ReadonlyRootFilesystem: c.ReadonlyRootFilesystem, RepositoryCredentials: c.RepositoryCredentials,
			ResourceRequirements: c.ResourceRequirements, Secrets: c.Secrets, StartTimeout: c.StartTimeout,
			StopTimeout: c.StopTimeout, Ulimits: c.Ulimits, User: c.User,
		}
		detail.Containers = append(detail.Containers, d)
		spec.containers = append(spec.containers, taskContainer(&d, names))
	}
	return spec, nil
}

func taskContainer(d *types.TaskContainerDetails, names map[string]int) containerSpec {
	spec := containerSpec{
		name: aws.ToString(d.Name), image: aws.ToString(d.Image), command: d.Command, environment: d.Environment,
		mounts: ecsMounts(d.MountPoints), essential: aws.ToBool(d.Essential), stopTimeout: defaultStopTimeout,
		startTimeout: time.Duration(aws.ToInt32(d.StartTimeout)) * time.Second,
	}
	if d.StopTimeout != nil {
		spec.stopTimeout = time.Duration(*d.StopTimeout) * time.Second
	}
	for _, dep := range d.DependsOn {
		if on, ok := names[aws.ToString(dep.ContainerName)]; ok {
			spec.dependsOn = append(spec.dependsOn, edge{on, aws.ToString(dep.Condition)})
		}
	}
	return spec
}
