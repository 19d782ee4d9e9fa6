package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// sizeBound adds up how long the JSON of a definition can be at most. It saves the exact count, which would take
// longer than all rules together, for nearly all definitions: they are far below the limit.
type sizeBound struct {
	fixed int // names of members, punctuation, numbers and truth values, all members taken as present
	text  int // strings
	// looks says to look into the strings, which takes longer: those without an escape then count as they are.
	looks bool
}

// The most that the fixed parts of a struct take, each member present. TestSizeBoundOfParts holds them to that.
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

// longest is the bound. Only ever add to what it covers: a member forgotten makes it wrong.
func (s *sizeBound) longest() int { return s.fixed + s.text }

// atMost reports whether the JSON of a definition is surely no longer than so many bytes.
func atMost(in *batch.RegisterJobDefinitionInput, bytes int) bool {
	var quick sizeBound
	if quick.definition(in); quick.longest() <= bytes {
		return true
	}
	thorough := sizeBound{looks: true}
	thorough.definition(in)
	return thorough.longest() <= bytes
}

func (s *sizeBound) string(text string) {
	if s.looks && isPlain(text) {
		s.text += len(text)
	} else {
		s.text += mostOfByte * len(text)
	}
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

func (s *sizeBound) add(texts ...*string) {
	for _, t := range texts {
		if t != nil {
			s.string(*t)
		}
	}
}

// rest counts a member that is seldom there. A v that is nil is not there.
func rest[T any](s *sizeBound, v *T) {
	if v == nil {
		return
	}
	if n, err := batchjson.Size(v); err == nil {
		s.fixed += n
	}
}

func restOf[T any](s *sizeBound, list []T) {
	for i := range list {
		rest(s, &list[i])
		s.fixed++
	}
}

func (s *sizeBound) table(m map[string]string) {
	for key, value := range m {
		s.fixed += entryFixed
		s.string(key)
		s.string(value)
	}
}

func (s *sizeBound) definition(in *batch.RegisterJobDefinitionInput) {
	s.fixed += definitionFixed
	s.add(in.JobDefinitionName)
	s.string(string(in.Type))
	for _, c := range in.PlatformCapabilities {
		s.fixed += len(`"",`)
		s.string(string(c))
	}
	s.table(in.Parameters)
	s.table(in.Tags)
	rest(s, in.ConsumableResourceProperties)
	rest(s, in.EksProperties)
	rest(s, in.NodeProperties)
	if in.RetryStrategy != nil {
		restOf(s, in.RetryStrategy.EvaluateOnExit) // the rest, and the timeout, is one number
	}
	if in.ContainerProperties != nil {
		s.only(in.ContainerProperties)
	}
	if in.EcsProperties == nil {
		return
	}
	for i := range in.EcsProperties.TaskProperties {
		s.task(&in.EcsProperties.TaskProperties[i])
	}
}

func (s *sizeBound) task(t *types.EcsTaskProperties) {
	s.fixed += taskFixed
	s.add(t.ExecutionRoleArn, t.IpcMode, t.PidMode, t.PlatformVersion, t.TaskRoleArn)
	rest(s, t.EphemeralStorage)
	rest(s, t.NetworkConfiguration)
	rest(s, t.RuntimePlatform)
	s.volumes(t.Volumes)
	for i := range t.Containers {
		c := &t.Containers[i]
		s.fixed += taskContainerFixed
		s.add(c.Image, c.Name, c.User)
		s.lists(c.Command, c.Environment, c.MountPoints, c.ResourceRequirements)
		for j := range c.DependsOn {
			s.fixed += dependencyFixed
			s.add(c.DependsOn[j].ContainerName, c.DependsOn[j].Condition)
		}
		s.log(c.LogConfiguration)
		rest(s, c.FirelensConfiguration)
		rest(s, c.LinuxParameters)
		rest(s, c.RepositoryCredentials)
		restOf(s, c.Secrets)
		restOf(s, c.Ulimits)
	}
}

func (s *sizeBound) only(c *types.ContainerProperties) {
	s.fixed += containerFixed
	s.add(c.ExecutionRoleArn, c.Image, c.InstanceType, c.JobRoleArn, c.User)
	s.lists(c.Command, c.Environment, c.MountPoints, c.ResourceRequirements)
	s.log(c.LogConfiguration)
	rest(s, c.EphemeralStorage)
	rest(s, c.FargatePlatformConfiguration)
	rest(s, c.LinuxParameters)
	rest(s, c.NetworkConfiguration)
	rest(s, c.RepositoryCredentials)
	rest(s, c.RuntimePlatform)
	restOf(s, c.Secrets)
	restOf(s, c.Ulimits)
	s.volumes(c.Volumes)
}

// lists counts what nearly every container has.
func (s *sizeBound) lists(command []string, env []types.KeyValuePair, mounts []types.MountPoint, requirements []types.ResourceRequirement) {
	s.fixed += len(`"",`)*len(command) + pairFixed*(len(env)+len(requirements)) + mountFixed*len(mounts)
	for _, arg := range command {
		s.string(arg)
	}
	for i := range env {
		s.add(env[i].Name, env[i].Value)
	}
	for i := range mounts {
		s.add(mounts[i].ContainerPath, mounts[i].SourceVolume)
	}
	for i := range requirements {
		s.string(string(requirements[i].Type))
		s.add(requirements[i].Value)
	}
}

func (s *sizeBound) volumes(list []types.Volume) {
	for i := range list {
		s.fixed += volumeFixed
		s.add(list[i].Name)
		rest(s, list[i].EfsVolumeConfiguration)
		rest(s, list[i].Host)
		rest(s, list[i].S3filesVolumeConfiguration)
	}
}

func (s *sizeBound) log(l *types.LogConfiguration) {
	if l == nil {
		return
	}
	s.fixed += logFixed
	s.string(string(l.LogDriver))
	s.table(l.Options)
	restOf(s, l.SecretOptions)
}
