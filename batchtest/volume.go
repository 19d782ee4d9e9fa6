package batchtest

import (
	"net/url"
	"path"
	"path/filepath"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// A volumeSpec is a volume of a task or a pod, and where its folder is.
type volumeSpec struct {
	name string
	of   owner
	at   []string // below the owner's folder
	fill bool     // an empty one takes what images hold below the mount point
}

// An owner is what the folder of a volume lives as long as.
type owner uint8

const (
	ofTask owner = iota
	ofHost
	ofServer
)

// ecsVolumes takes over the volumes of an ECS task.
func ecsVolumes(volumes []types.Volume) map[string]volumeSpec {
	out := make(map[string]volumeSpec, len(volumes))
	for _, v := range volumes {
		spec := volumeSpec{name: aws.ToString(v.Name)}
		switch {
		case v.EfsVolumeConfiguration != nil:
			e := v.EfsVolumeConfiguration
			spec.of, spec.at = ofServer, []string{"efs", safe(aws.ToString(e.FileSystemId)), below(e.RootDirectory)}
		case v.S3filesVolumeConfiguration != nil:
			e := v.S3filesVolumeConfiguration
			spec.of, spec.at = ofServer, []string{"s3", safe(aws.ToString(e.FileSystemArn)), below(e.RootDirectory)}
		case v.Host != nil && aws.ToString(v.Host.SourcePath) != "":
			spec.of, spec.at = ofHost, []string{below(v.Host.SourcePath)}
		default:
			spec.at, spec.fill = []string{safe(spec.name)}, true
		}
		out[spec.name] = spec
	}
	return out
}

// podVolumes takes over the volumes of a pod in a namespace.
func podVolumes(volumes []types.EksVolume, namespace string) map[string]volumeSpec {
	out := make(map[string]volumeSpec, len(volumes))
	for _, v := range volumes {
		spec := volumeSpec{name: aws.ToString(v.Name)}
		switch {
		case v.HostPath != nil:
			spec.of, spec.at = ofHost, []string{below(v.HostPath.Path)}
		case v.Secret != nil:
			spec.of, spec.at = ofServer, []string{"secret", safe(namespace), safe(aws.ToString(v.Secret.SecretName))}
		case v.PersistentVolumeClaim != nil:
			spec.of, spec.at = ofServer, []string{"claim", safe(namespace), safe(aws.ToString(v.PersistentVolumeClaim.ClaimName))}
		default: // emptyDir
			spec.at = []string{safe(spec.name)}
		}
		out[spec.name] = spec
	}
	return out
}

// folder makes and returns the real folder of a volume.
func (t *task) folder(v volumeSpec) (string, error) {
	switch v.of {
	case ofHost:
		return t.server.folders.in(append([]string{"host", strconv.Itoa(t.job.host())}, v.at...)...)
	case ofServer:
		return t.server.folders.in(v.at...)
	}
	return t.ownFolder(append([]string{"volumes"}, v.at...)...)
}

// safe makes one element of a path out of any text.
func safe(text string) string { return "_" + url.PathEscape(text) }

// below makes a path that stays below the folder it is joined to.
func below(p *string) string { return filepath.FromSlash(path.Clean("/" + aws.ToString(p))) }
