package batchtest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// work is what was submitted, with overrides merged and parameters
// substituted. Children share it with their parent. After submission it does
// not change.
type work struct {
	id, name    string
	serial      int // in order of submission
	job         *job
	queue       *queue
	environment *environment
	definition  *definition
	input       *batch.SubmitJobInput
	parameters  map[string]string
	dependsOn   []types.JobDependency
	sequential  bool
	retry       retry
	timeout     time.Duration // 0 for none
	containers  []containerSpec
	volumes     map[string]types.Volume
	container   *types.ContainerDetail // of a containerProperties definition
	task        *types.EcsTaskDetails  // of an ecsProperties definition
}

// A containerSpec is a container as the task starts it.
type containerSpec struct {
	name         string
	image        string
	command      []string
	environment  []types.KeyValuePair
	mounts       []types.MountPoint
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

// newWork makes the work of a submission that was found valid.
func newWork(in *batch.SubmitJobInput, d *definition, q *queue) (*work, error) {
	w := &work{
		name: *in.JobName, queue: q, definition: d, input: in, dependsOn: in.DependsOn,
		parameters: map[string]string{}, volumes: map[string]types.Volume{},
	}
	for _, from := range []map[string]string{d.input.Parameters, in.Parameters} {
		for k, v := range from {
			w.parameters[k] = v
		}
	}
	w.retry = newRetry(d.input.RetryStrategy)
	if in.RetryStrategy != nil {
		w.retry = newRetry(in.RetryStrategy)
	}
	if t := w.jobTimeout(); t != nil {
		w.timeout = time.Duration(aws.ToInt32(t.AttemptDurationSeconds)) * time.Second
	}
	switch {
	case d.input.EksProperties != nil:
		return nil, notImplemented("SubmitJob with an EKS definition")
	case d.input.NodeProperties != nil:
		return nil, notImplemented("SubmitJob with a multi-node definition")
	case d.detail.EcsProperties != nil && len(d.detail.EcsProperties.TaskProperties) > 0:
		return w, w.fromTask(&d.detail.EcsProperties.TaskProperties[0])
	case d.detail.ContainerProperties != nil:
		return w, w.fromContainer(d.detail.ContainerProperties)
	}
	return nil, refuse("JobDefinition %s has nothing to run", aws.ToString(d.detail.JobDefinitionArn))
}

func (w *work) jobTimeout() *types.JobTimeout {
	if w.input.Timeout != nil {
		return w.input.Timeout
	}
	return w.definition.input.Timeout
}

// substitute puts the values of parameters in the place of Ref::name words.
func (w *work) substitute(command []string) ([]string, error) {
	out := slices.Clone(command)
	for i, word := range command {
		name, ok := strings.CutPrefix(word, "Ref::")
		if !ok {
			continue
		}
		value, given := w.parameters[name]
		if !given {
			return nil, refuse("Unable to substitute value. No parameter found for reference %s", name)
		}
		out[i] = value
	}
	return out, nil
}

func (w *work) addVolumes(volumes []types.Volume) {
	for _, v := range volumes {
		w.volumes[aws.ToString(v.Name)] = v
	}
}

// fromContainer takes over containerProperties and their overrides.
func (w *work) fromContainer(c *types.ContainerProperties) (err error) {
	detail := &types.ContainerDetail{
		Command: c.Command, EnableExecuteCommand: c.EnableExecuteCommand, Environment: c.Environment, EphemeralStorage: c.EphemeralStorage,
		ExecutionRoleArn: c.ExecutionRoleArn, FargatePlatformConfiguration: c.FargatePlatformConfiguration, Image: c.Image,
		InstanceType: c.InstanceType, JobRoleArn: c.JobRoleArn, LinuxParameters: c.LinuxParameters, LogConfiguration: c.LogConfiguration,
		MountPoints: c.MountPoints, NetworkConfiguration: c.NetworkConfiguration, Privileged: c.Privileged,
		ReadonlyRootFilesystem: c.ReadonlyRootFilesystem, RepositoryCredentials: c.RepositoryCredentials,
		ResourceRequirements: c.ResourceRequirements, RuntimePlatform: c.RuntimePlatform, Secrets: c.Secrets, Ulimits: c.Ulimits,
		User: c.User, Volumes: c.Volumes,
	}
	takeLegacy(detail, c)
	if o := w.input.ContainerOverrides; o != nil {
		if o.Command != nil {
			detail.Command = o.Command
		}
		detail.Environment = mergeEnvironment(c.Environment, o.Environment)
		detail.ResourceRequirements = mergeResources(c.ResourceRequirements, o.ResourceRequirements)
		overrideLegacy(detail, o)
	}
	if detail.Command, err = w.substitute(detail.Command); err != nil {
		return err
	}
	w.container = detail
	w.addVolumes(c.Volumes)
	w.containers = []containerSpec{{
		name: "default", image: aws.ToString(c.Image), command: detail.Command, environment: detail.Environment,
		mounts: c.MountPoints, essential: true, stopTimeout: defaultStopTimeout,
	}}
	return nil
}

// fromTask takes over ecsProperties and their overrides.
func (w *work) fromTask(t *types.EcsTaskProperties) (err error) {
	detail := &types.EcsTaskDetails{
		EnableExecuteCommand: t.EnableExecuteCommand, EphemeralStorage: t.EphemeralStorage, ExecutionRoleArn: t.ExecutionRoleArn,
		IpcMode: t.IpcMode, NetworkConfiguration: t.NetworkConfiguration, PidMode: t.PidMode, PlatformVersion: t.PlatformVersion,
		RuntimePlatform: t.RuntimePlatform, TaskRoleArn: t.TaskRoleArn, Volumes: t.Volumes,
	}
	w.task = detail
	w.addVolumes(t.Volumes)
	names := map[string]int{}
	for i, c := range t.Containers {
		names[aws.ToString(c.Name)] = i
	}
	for i := range t.Containers {
		c := &t.Containers[i]
		d := types.TaskContainerDetails{
			Command: c.Command, DependsOn: c.DependsOn, Environment: c.Environment, Essential: c.Essential,
			FirelensConfiguration: c.FirelensConfiguration, Image: c.Image, LinuxParameters: c.LinuxParameters,
			LogConfiguration: c.LogConfiguration, MountPoints: c.MountPoints, Name: c.Name, Privileged: c.Privileged,
			ReadonlyRootFilesystem: c.ReadonlyRootFilesystem, RepositoryCredentials: c.RepositoryCredentials,
			ResourceRequirements: c.ResourceRequirements, Secrets: c.Secrets, StartTimeout: c.StartTimeout,
			StopTimeout: c.StopTimeout, Ulimits: c.Ulimits, User: c.User,
		}
		if o := w.taskOverride(aws.ToString(c.Name)); o != nil {
			if o.Command != nil {
				d.Command = o.Command
			}
			d.Environment = mergeEnvironment(c.Environment, o.Environment)
			d.ResourceRequirements = mergeResources(c.ResourceRequirements, o.ResourceRequirements)
		}
		if d.Command, err = w.substitute(d.Command); err != nil {
			return err
		}
		detail.Containers = append(detail.Containers, d)
		w.containers = append(w.containers, taskContainer(&d, names))
	}
	return nil
}

func taskContainer(d *types.TaskContainerDetails, names map[string]int) containerSpec {
	spec := containerSpec{
		name: aws.ToString(d.Name), image: aws.ToString(d.Image), command: d.Command, environment: d.Environment,
		mounts: d.MountPoints, essential: aws.ToBool(d.Essential), stopTimeout: defaultStopTimeout,
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

func (w *work) taskOverride(container string) *types.TaskContainerOverrides {
	if o := w.input.EcsPropertiesOverride; o != nil && len(o.TaskProperties) > 0 {
		for i := range o.TaskProperties[0].Containers {
			if c := &o.TaskProperties[0].Containers[i]; aws.ToString(c.Name) == container {
				return c
			}
		}
	}
	return nil
}

// fargate reports whether the job runs on Fargate.
func (w *work) fargate() bool { return w.definition.platform == validate.Fargate }
