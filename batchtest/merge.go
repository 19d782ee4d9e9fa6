package batchtest

import (
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
