package cloudformation

import (
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"
)

// Every member of the SDK's inputs is a property of the resource, of the same type, or is refused.
func TestEveryMemberIsAPropertyOrRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason string
		input        any
		wrong        []string
	}{
		{jobDefinition, "the SDK has one struct for what CloudFormation has two of", batch.RegisterJobDefinitionInput{}, nil},
		{jobQueue, "nothing lacks", batch.CreateJobQueueInput{}, nil},
		{computeEnvironment, "nothing lacks", batch.CreateComputeEnvironmentInput{}, nil},
		{schedulingPolicy, "a whole number is a number", batch.CreateSchedulingPolicyInput{}, []string{
			"fairsharePolicy.computeReservation: number for integer", "fairsharePolicy.shareDecaySeconds: number for integer",
		}},
		{consumableResource, "nothing lacks", batch.CreateConsumableResourceInput{}, nil},
		{serviceEnvironment, "nothing lacks", batch.CreateServiceEnvironmentInput{}, nil},
		{quotaShare, "nothing lacks", batch.CreateQuotaShareInput{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if row.reason == "" {
				t.Fatal("no reason")
			}
			a := &audit{root: readSchema(t, row.name), lacking: map[string]bool{}, enums: map[string][]string{}}
			a.object(reflect.TypeOf(row.input), a.root, "")
			known := map[string]bool{}
			for pattern := range lacking[row.name] {
				known[pattern] = true
			}
			if diff := cmp.Diff(known, a.lacking); diff != "" {
				t.Errorf("the table of members that %s lacks is not what the schema says: -table +schema\n%s", row.name, diff)
			}
			if len(a.enums) > 0 {
				t.Errorf("values of the SDK that %s does not take have to be refused: %v", row.name, a.enums)
			}
			slices.Sort(a.wrong)
			if diff := cmp.Diff(row.wrong, a.wrong); diff != "" {
				t.Errorf("members of another type: -want +got\n%s", diff)
			}
		})
	}
}
