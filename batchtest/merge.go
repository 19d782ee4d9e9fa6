package batchtest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// mergeEnvironment lays over over base, by name. A variable that is given an
// empty value is gone, as in definitions.
func mergeEnvironment(base, over []types.KeyValuePair) []types.KeyValuePair {
	out := slices.Clone(base)
	for _, kv := range over {
		same := func(b types.KeyValuePair) bool { return aws.ToString(b.Name) == aws.ToString(kv.Name) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = kv
		} else {
			out = append(out, kv)
		}
	}
	return withoutEmpty(out)
}

// mergeResources lays over over base, by type.
func mergeResources(base, over []types.ResourceRequirement) []types.ResourceRequirement {
	out := slices.Clone(base)
	for _, r := range over {
		if i := slices.IndexFunc(out, func(b types.ResourceRequirement) bool { return b.Type == r.Type }); i >= 0 {
			out[i] = r
		} else {
			out = append(out, r)
		}
	}
	return out
}

// mergePodEnvironment lays over over base, by name.
func mergePodEnvironment(base, over []types.EksContainerEnvironmentVariable) []types.EksContainerEnvironmentVariable {
	out := slices.Clone(base)
	for _, v := range over {
		same := func(b types.EksContainerEnvironmentVariable) bool {
			return aws.ToString(b.Name) == aws.ToString(v.Name)
		}
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = v
		} else {
			out = append(out, v)
		}
	}
	return out
}

// mergePodResources lays over over base, by resource.
func mergePodResources(base, over *types.EksContainerResourceRequirements) *types.EksContainerResourceRequirements {
	if base == nil || over == nil {
		return cmp.Or(over, base)
	}
	return &types.EksContainerResourceRequirements{
		Limits:   mergeMaps(base.Limits, over.Limits),
		Requests: mergeMaps(base.Requests, over.Requests),
	}
}

// mergeMaps lays over over base.
func mergeMaps(base, over map[string]string) map[string]string {
	if len(over) == 0 {
		return base
	}
	out := make(map[string]string, len(base)+len(over))
	maps.Copy(out, base)
	maps.Copy(out, over)
	return out
}
