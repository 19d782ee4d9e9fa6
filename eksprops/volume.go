package eksprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/member"
)

// EmptyDir declares a volume on the node's disk that is empty at first and lives as long as the pod. Containers share
// it by mounting it. The name is a DNS name of lower-case letters, digits, hyphens and dots, unique in the pod.
func (p JobPod) EmptyDir(name string) JobPod { return p.emptyDir(name, nil, 0) }

// EmptyDirUpTo is EmptyDir with a limit in MiB: a pod that stores more is evicted. Zero: no limit.
func (p JobPod) EmptyDirUpTo(name string, limit Memory) JobPod { return p.emptyDir(name, nil, limit) }

// EmptyDirInMemory is EmptyDirUpTo in the memory of the node. What is stored there counts as memory of the containers
// that wrote it.
func (p JobPod) EmptyDirInMemory(name string, limit Memory) JobPod {
	medium := "Memory"
	return p.emptyDir(name, &medium, limit)
}

func (p JobPod) emptyDir(name string, medium *string, limit Memory) JobPod {
	dir := types.EksEmptyDir{Medium: medium}
	if limit != 0 {
		size := mebibytes(limit)
		dir.SizeLimit = &size
	}
	return p.volume(types.EksVolume{Name: &name, EmptyDir: &dir})
}

// HostPath declares a volume that is a file or folder of the node, given by its absolute path.
func (p JobPod) HostPath(name, path string) JobPod {
	return p.volume(types.EksVolume{Name: &name, HostPath: &types.EksHostPath{Path: &path}})
}

// Secret declares a volume of the entries of a secret of the namespace, one file each. The pod does not start without
// the secret.
func (p JobPod) Secret(name, secret string) JobPod {
	return p.volume(types.EksVolume{Name: &name, Secret: &types.EksSecret{SecretName: &secret}})
}

// OptionalSecret is Secret for one that may be missing; the volume is empty then.
func (p JobPod) OptionalSecret(name, secret string) JobPod {
	return p.volume(types.EksVolume{Name: &name, Secret: &types.EksSecret{SecretName: &secret, Optional: member.True()}})
}

// PersistentVolumeClaim declares a volume by a claim of the namespace. The data outlives the pod.
func (p JobPod) PersistentVolumeClaim(name, claim string) JobPod {
	return p.volume(types.EksVolume{
		Name: &name, PersistentVolumeClaim: &types.EksPersistentVolumeClaim{ClaimName: &claim},
	})
}

// PersistentVolumeClaimReadOnly is PersistentVolumeClaim for a pod that cannot write there, whatever its mounts say.
func (p JobPod) PersistentVolumeClaimReadOnly(name, claim string) JobPod {
	return p.volume(types.EksVolume{
		Name: &name, PersistentVolumeClaim: &types.EksPersistentVolumeClaim{ClaimName: &claim, ReadOnly: member.True()},
	})
}

func (p JobPod) volume(v types.EksVolume) JobPod {
	return p.with(func(pod *types.EksPodProperties) { pod.Volumes = append(pod.Volumes, v) })
}
