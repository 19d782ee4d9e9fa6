package batchtest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// overlay lays over over base: what has a key that base has takes its place, the
// rest comes after it.
func overlay[T any, K comparable](base, over []T, key func(T) K) []T {
	out := slices.Clone(base)
	for _, v := range over {
		if i := slices.IndexFunc(out, func(b T) bool { return key(b) == key(v) }); i >= 0 {
			out[i] = v
		} else {
			out = append(out, v)
		}
	}
	return out
}

// mergeEnvironment goes by name. A variable that is given an empty value is gone,
// as in definitions.
func mergeEnvironment(base, over []types.KeyValuePair) []types.KeyValuePair {
	return withoutEmpty(overlay(base, over, func(v types.KeyValuePair) string { return aws.ToString(v.Name) }))
}

// mergeResources goes by type.
func mergeResources(base, over []types.ResourceRequirement) []types.ResourceRequirement {
	return overlay(base, over, func(r types.ResourceRequirement) types.ResourceType { return r.Type })
}

// mergePodEnvironment goes by name.
func mergePodEnvironment(base, over []types.EksContainerEnvironmentVariable) []types.EksContainerEnvironmentVariable {
	return overlay(base, over, func(v types.EksContainerEnvironmentVariable) string { return aws.ToString(v.Name) })
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
