package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// sizeBound adds up how long the JSON of a definition can be at most. It saves the exact count, which would take
// longer than all rules together, for nearly all definitions: they are far below the limit.
//
// Its methods return bytes. They must cover every member: one forgotten makes the bound wrong.
type sizeBound struct {
	// looks says to look into the strings, which takes longer: those without an escape then count as they are.
	looks bool
}

// The most that the fixed parts of a struct take, each member present: names of members, punctuation, numbers and
// truth values. TestSizeBoundOfParts holds them to that.
const (
	definitionFixed    = 480
	containerFixed     = 600 // containerProperties
	taskFixed          = 320
	taskContainerFixed = 400
	pairFixed          = 24 // {"name":"","value":""}, and its like with type
	dependencyFixed    = 40 // {"condition":"","containerName":""},
	mountFixed         = 60 // {"containerPath":"","readOnly":false,"sourceVolume":""},
	logFixed           = 64
	volumeFixed        = 100
	entryFixed         = 6 // of a map: "":"",
	mostOfByte         = 6 // the JSON of a byte: \u0000
)

// atMost reports whether the JSON of a definition is surely no longer than so many bytes.
func atMost(in *batch.RegisterJobDefinitionInput, bytes int) bool {
	return sizeBound{}.definition(in) <= bytes || sizeBound{looks: true}.definition(in) <= bytes
}

func (s sizeBound) string(text string) int {
	if s.looks {
		return looked(text)
	}
	return mostOfByte * len(text)
}

func (s sizeBound) maybe(text *string) int {
	switch {
	case text == nil:
		return 0
	case s.looks:
		return looked(*text)
	}
	return mostOfByte * len(*text)
}

func looked(text string) int {
	if isPlain(text) {
		return len(text)
	}
	return mostOfByte * len(text)
}

// isPlain reports whether JSON has the text as it is, which is sure of ASCII only.
func isPlain(text string) bool {
	// Eight bytes at once. The high bit of a byte of bad is set for one below blank, for a quote, for a backslash
	// and for one above ASCII, and perhaps for one after such a byte.
	const ones, high = 0x0101010101010101, 0x8080808080808080
	var bad uint64
	for len(text) >= 8 {
		w := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
		bad |= w | (w - ' '*ones) | ((w ^ '"'*ones) - ones) | ((w ^ '\\'*ones) - ones)
		text = text[8:]
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
			return false
		}
	}
	return bad&high == 0
}

// rest counts a member that is seldom there. A v that is nil is not there.
func rest[T any](v *T) int {
	if v == nil {
		return 0
	}
	n, err := batchjson.Size(v)
	if err != nil {
		return 0 // not for a type of the SDK
	}
	return n
}

func restOf[T any](list []T) int {
	n := len(list)
	for i := range list {
		n += rest(&list[i])
	}
	return n
}

func (s sizeBound) table(m map[string]string) int {
	n := entryFixed * len(m)
	for key, value := range m {
		n += s.string(key) + s.string(value)
	}
	return n
}

// options counts a map as table does. Going through a map takes far longer than looking up what is mostly in it.
func (s sizeBound) options(m map[string]string) int {
	n, found := entryFixed*len(m), 0
	for _, name := range awslogsOptions {
		if found == len(m) {
			break
		}
		if value, ok := m[name]; ok {
			n += s.string(name) + s.string(value)
			found++
		}
	}
	if found < len(m) {
		return s.table(m)
	}
	return n
}

func (s sizeBound) definition(in *batch.RegisterJobDefinitionInput) int {
	n := definitionFixed + s.maybe(in.JobDefinitionName) + s.string(string(in.Type)) + s.table(in.Parameters) + s.table(in.Tags) +
		rest(in.ConsumableResourceProperties) + rest(in.EksProperties) + rest(in.NodeProperties)
	for _, c := range in.PlatformCapabilities {
		n += len(`"",`) + s.string(string(c))
	}
	if in.RetryStrategy != nil {
		n += restOf(in.RetryStrategy.EvaluateOnExit) // the rest, and the timeout, is one number
	}
	if in.ContainerProperties != nil {
		n += s.only(in.ContainerProperties)
	}
	if in.EcsProperties == nil {
		return n
	}
	for i := range in.EcsProperties.TaskProperties {
		n += s.task(&in.EcsProperties.TaskProperties[i])
	}
	return n
}

func (s sizeBound) task(t *types.EcsTaskProperties) int {
	n := taskFixed + s.maybe(t.ExecutionRoleArn) + s.maybe(t.IpcMode) + s.maybe(t.PidMode) + s.maybe(t.PlatformVersion) +
		s.maybe(t.TaskRoleArn) + s.volumes(t.Volumes) +
		rest(t.EphemeralStorage) + rest(t.NetworkConfiguration) + rest(t.RuntimePlatform)
	for i := range t.Containers {
		n += s.container(&t.Containers[i])
	}
	return n
}

func (s sizeBound) container(c *types.TaskContainerProperties) int {
	n := taskContainerFixed + s.maybe(c.Image) + s.maybe(c.Name) + s.maybe(c.User) +
		s.command(c.Command) + s.environment(c.Environment) + s.mounts(c.MountPoints) + s.requirements(c.ResourceRequirements) +
		s.log(c.LogConfiguration) + rest(c.FirelensConfiguration) + rest(c.LinuxParameters) + rest(c.RepositoryCredentials) +
		restOf(c.Secrets) + restOf(c.Ulimits) + dependencyFixed*len(c.DependsOn)
	for i := range c.DependsOn {
		n += s.maybe(c.DependsOn[i].ContainerName) + s.maybe(c.DependsOn[i].Condition)
	}
	return n
}

func (s sizeBound) only(c *types.ContainerProperties) int {
	return containerFixed + s.maybe(c.ExecutionRoleArn) + s.maybe(c.Image) + s.maybe(c.InstanceType) + s.maybe(c.JobRoleArn) + s.maybe(c.User) +
		s.command(c.Command) + s.environment(c.Environment) + s.mounts(c.MountPoints) + s.requirements(c.ResourceRequirements) +
		s.log(c.LogConfiguration) + rest(c.EphemeralStorage) + rest(c.FargatePlatformConfiguration) + rest(c.LinuxParameters) +
		rest(c.NetworkConfiguration) + rest(c.RepositoryCredentials) + rest(c.RuntimePlatform) +
		restOf(c.Secrets) + restOf(c.Ulimits) + s.volumes(c.Volumes)
}

func (s sizeBound) command(list []string) int {
	n := len(`"",`) * len(list)
	for _, arg := range list {
		n += s.string(arg)
	}
	return n
}

func (s sizeBound) environment(list []types.KeyValuePair) int {
	n := pairFixed * len(list)
	for i := range list {
		n += s.maybe(list[i].Name) + s.maybe(list[i].Value)
	}
	return n
}

func (s sizeBound) mounts(list []types.MountPoint) int {
	n := mountFixed * len(list)
	for i := range list {
		n += s.maybe(list[i].ContainerPath) + s.maybe(list[i].SourceVolume)
	}
	return n
}

func (s sizeBound) requirements(list []types.ResourceRequirement) int {
	n := pairFixed * len(list)
	for i := range list {
		n += s.string(string(list[i].Type)) + s.maybe(list[i].Value)
	}
	return n
}

func (s sizeBound) volumes(list []types.Volume) int {
	n := volumeFixed * len(list)
	for i := range list {
		n += s.maybe(list[i].Name) + rest(list[i].EfsVolumeConfiguration) + rest(list[i].Host) + rest(list[i].S3filesVolumeConfiguration)
	}
	return n
}

func (s sizeBound) log(l *types.LogConfiguration) int {
	if l == nil {
		return 0
	}
	return logFixed + s.string(string(l.LogDriver)) + s.options(l.Options) + restOf(l.SecretOptions)
}
