package validate_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/validate"
)

// What a queue can run is not in the submission. The classic mistake is a definition for EC2 and a queue of Fargate.
func ExampleWithQueue() {
	def := definition(container("main"))
	in := submission("report")
	queue := validate.Queue{
		Name:         "default",
		Scheduling:   validate.FairShare,
		Environments: []validate.Environment{{Platform: validate.Fargate}},
	}
	for _, f := range validate.SubmitJob(in, validate.WithDefinition(def), validate.WithQueue(queue)) {
		fmt.Println(f.Severity, f.Rule, f.Path)
	}
	// Output:
	// error SUB007 jobQueue
	// error FS001 shareIdentifier
}

// A licence is a consumable resource: a job that needs more than there are waits for ever.
func ExampleWithConsumables() {
	def := definition(container("main"))
	def.ConsumableResourceProperties = &types.ConsumableResourceProperties{
		ConsumableResourceList: []types.ConsumableResourceRequirement{{ConsumableResource: aws.String("licence"), Quantity: aws.Int64(9)}},
	}
	for _, f := range validate.JobDefinition(def, validate.WithConsumables(map[string]int64{"licence": 8})) {
		fmt.Println(f.Severity, f.Rule, f.Path)
	}
	// Output:
	// warning CR005 consumableResourceProperties.consumableResourceList[0].quantity
}

// A template names its roles by reference, so they are not known when it is judged.
func ExampleWithUnknown() {
	def := &batch.RegisterJobDefinitionInput{
		JobDefinitionName:    aws.String("nightly run"),
		Type:                 types.JobDefinitionTypeContainer,
		PlatformCapabilities: []types.PlatformCapability{types.PlatformCapabilityFargate},
		ContainerProperties: &types.ContainerProperties{
			Image: aws.String("report:1"),
			ResourceRequirements: []types.ResourceRequirement{
				{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
				{Type: types.ResourceTypeMemory, Value: aws.String("2048")},
			},
		},
	}
	fmt.Println(validate.JobDefinition(def).Rules())
	fmt.Println(validate.JobDefinition(def, validate.WithUnknown("containerProperties.executionRoleArn")).Rules())
	// Output:
	// [FG001 JD002]
	// [JD002]
}

// Every id of the catalogue is judged, or says why not.
func ExampleNotJudgedRules() {
	for _, n := range validate.NotJudgedRules() {
		if n.ID == "TMO003" {
			fmt.Printf("%s: %s\n", n.Title, n.Reason)
		}
	}
	// Output:
	// a timeout on Fargate is at most 14 days: covered by FG028
}
