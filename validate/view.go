package validate

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// payload is the kind of property block that a definition or a node range carries.
type payload uint8

const (
	noPayload payload = iota
	containerPayload
	ecsPayload
	eksPayload
	nodePayload
)

// payloadOf returns the kind of a definition; the first block counts when there are several.
func payloadOf(def *batch.RegisterJobDefinitionInput) payload {
	switch {
	case def == nil:
		return noPayload
	case def.NodeProperties != nil || def.Type == types.JobDefinitionTypeMultinode:
		return nodePayload
	case def.ContainerProperties != nil:
		return containerPayload
	case def.EcsProperties != nil:
		return ecsPayload
	case def.EksProperties != nil:
		return eksPayload
	default:
		return noPayload
	}
}

// managedInstances is known to the service but not to the SDK's enum.
const managedInstances types.PlatformCapability = "MANAGED_INSTANCES"

// platformOf returns where the jobs of a definition run. Without platformCapabilities the service takes EC2;
// a capability that is none leaves all of ECS possible.
func platformOf(def *batch.RegisterJobDefinitionInput) Platforms {
	if def.EksProperties != nil {
		return EKS
	}
	if len(def.PlatformCapabilities) == 0 {
		return EC2
	}
	switch def.PlatformCapabilities[0] {
	case types.PlatformCapabilityEc2:
		return EC2
	case types.PlatformCapabilityFargate:
		return Fargate
	case managedInstances:
		return ManagedInstances
	default:
		return ECS
	}
}

// task is one ECS task, whichever way it is written: containerProperties are a task of one unnamed container.
type task struct {
	payload   payload // containerPayload or ecsPayload
	platform  Platforms
	multiNode bool

	executionRole *string
	role          *string
	roleMember    string // the JSON name of role: jobRoleArn or taskRoleArn

	platformVersion   *string
	platformMember    string // the JSON name of the member that holds or is the platform version
	hasPlatformMember bool
	network           *types.NetworkConfiguration
	runtime           *types.RuntimePlatform
	ephemeral         *types.EphemeralStorage
	volumes           []types.Volume
	ipcMode, pidMode  *string
	executeCommand    *bool

	containers []types.TaskContainerProperties // of ecsPayload
	targets    []int                           // for each dependency of each container, the place of the one it names; -1 for none
	single     *types.ContainerProperties      // of containerPayload
}

// ofContainer views containerProperties as a task.
func (t *task) ofContainer(c *types.ContainerProperties, platform Platforms, multiNode bool) {
	*t = task{
		payload: containerPayload, platform: platform, multiNode: multiNode,
		executionRole: c.ExecutionRoleArn, role: c.JobRoleArn, roleMember: "jobRoleArn",
		platformMember: "fargatePlatformConfiguration", hasPlatformMember: c.FargatePlatformConfiguration != nil,
		network: c.NetworkConfiguration, runtime: c.RuntimePlatform, ephemeral: c.EphemeralStorage,
		volumes: c.Volumes, executeCommand: c.EnableExecuteCommand, single: c,
	}
	if c.FargatePlatformConfiguration != nil {
		t.platformVersion = c.FargatePlatformConfiguration.PlatformVersion
	}
}

func (t *task) ofTask(e *types.EcsTaskProperties, platform Platforms, multiNode bool) {
	*t = task{
		payload: ecsPayload, platform: platform, multiNode: multiNode,
		executionRole: e.ExecutionRoleArn, role: e.TaskRoleArn, roleMember: "taskRoleArn",
		platformVersion: e.PlatformVersion, platformMember: "platformVersion", hasPlatformMember: e.PlatformVersion != nil,
		network: e.NetworkConfiguration, runtime: e.RuntimePlatform, ephemeral: e.EphemeralStorage,
		volumes: e.Volumes, ipcMode: e.IpcMode, pidMode: e.PidMode, executeCommand: e.EnableExecuteCommand, containers: e.Containers,
	}
}

// resolve finds what the dependencies of the containers name.
func (t *task) resolve(room []int) {
	t.targets = room[:0]
	for i := range t.containers {
		for j := range t.containers[i].DependsOn {
			t.targets = append(t.targets, containerNamed(t.containers, str(t.containers[i].DependsOn[j].ContainerName)))
		}
	}
}

// declares reports whether the task has a volume of that name.
func (t *task) declares(volume string) bool {
	for i := range t.volumes {
		if str(t.volumes[i].Name) == volume {
			return true
		}
	}
	return false
}

// windows reports whether the task asks for a Windows operating system.
func (t *task) windows() bool {
	return t.runtime != nil && strings.HasPrefix(str(t.runtime.OperatingSystemFamily), "WINDOWS")
}

// container is one container of a task, whichever way it is written.
type container struct {
	task *task
	// of is the container of ecsProperties, nil for containerProperties.
	of *types.TaskContainerProperties
	// only is containerProperties, nil for a container of ecsProperties.
	only *types.ContainerProperties

	image        *string
	command      []string
	environment  []types.KeyValuePair
	linux        *types.LinuxParameters
	log          *types.LogConfiguration
	mounts       []types.MountPoint
	privileged   *bool
	readonlyRoot *bool
	repository   *types.RepositoryCredentials
	requirements []types.ResourceRequirement
	secrets      []types.Secret
	ulimits      []types.Ulimit
	user         *string
	targets      []int // for each dependency, as in task
}

func (c *container) ofTask(t *task, of *types.TaskContainerProperties) {
	*c = container{
		task: t, of: of, image: of.Image, command: of.Command, environment: of.Environment, linux: of.LinuxParameters,
		log: of.LogConfiguration, mounts: of.MountPoints, privileged: of.Privileged, readonlyRoot: of.ReadonlyRootFilesystem,
		repository: of.RepositoryCredentials, requirements: of.ResourceRequirements, secrets: of.Secrets,
		ulimits: of.Ulimits, user: of.User,
	}
}

func (c *container) ofOnly(t *task, only *types.ContainerProperties) {
	*c = container{
		task: t, only: only, image: only.Image, command: only.Command, environment: only.Environment, linux: only.LinuxParameters,
		log: only.LogConfiguration, mounts: only.MountPoints, privileged: only.Privileged, readonlyRoot: only.ReadonlyRootFilesystem,
		repository: only.RepositoryCredentials, requirements: only.ResourceRequirements, secrets: only.Secrets,
		ulimits: only.Ulimits, user: only.User,
	}
}

// edge is a dependency of a container of ecsProperties.
type edge struct {
	*types.TaskContainerDependency
	from   *container
	index  int // in dependsOn
	target int // the place in the task of the container that it names, -1 when there is none of that name
}

// figure is a resource requirement whose value is a number.
type figure struct {
	index int // in the list
	n     float64
	text  string
}

// resources are the resource requirements of a container or of an override of one.
type resources struct {
	list     []types.ResourceRequirement
	payload  payload
	platform Platforms // all that are possible
	override bool
}

// submission is a SubmitJob request with the definition that it names, where that is known.
type submission struct {
	in  *batch.SubmitJobInput
	def *batch.RegisterJobDefinitionInput // nil when not known
	// payload is noPayload when the definition is not known.
	payload payload
	// platform holds all that are possible.
	platform Platforms
}

// override is what a submission changes in one ECS container.
type override struct {
	in            *submission
	containerName *string // of ecsPropertiesOverride
	payload       payload // containerPayload or ecsPayload
	inNodes       bool    // inside nodeOverrides
	// nodes is the range of the definition that it is for; nil outside nodeOverrides and when not known.
	nodes         *types.NodeRangeProperty
	command       []string
	environment   []types.KeyValuePair
	requirements  []types.ResourceRequirement
	vcpus, memory *int32
	instanceType  *string
}

// str is the string behind p, and "" for nil.
func str(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// num is the number behind p, and 0 for nil.
func num(p *int32) int32 {
	if p == nil {
		return 0
	}
	return *p
}

// isTrue reports whether p is set and true.
func isTrue(p *bool) bool { return p != nil && *p }

// essential reports whether the container is essential, which is what the service takes when nothing is said.
func essential(c *types.TaskContainerProperties) bool { return c.Essential == nil || *c.Essential }
