package validate_test

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/go-playground/validator/v10"

	"github.com/batchkit/batchkit-go/validate"
)

// A configuration of one's own, with the SDK's inputs inside, is judged by one call.
func ExampleRegister() {
	type config struct {
		Team       string `validate:"required"`
		Name       string `validate:"batchjobname"`
		Shards     int    `validate:"omitempty,batcharraysize"`
		Definition *batch.RegisterJobDefinitionInput
	}
	v := validator.New(validator.WithRequiredStructEnabled())
	if err := validate.Register(v); err != nil {
		fmt.Println(err)
		return
	}
	err := v.Struct(config{
		Name:   "nightly run",
		Shards: 1,
		Definition: &batch.RegisterJobDefinitionInput{
			JobDefinitionName: aws.String("nightly"),
			Type:              types.JobDefinitionTypeContainer,
			ContainerProperties: &types.ContainerProperties{
				Image: aws.String("report:1"),
				ResourceRequirements: []types.ResourceRequirement{
					{Type: types.ResourceTypeVcpu, Value: aws.String("1")},
					{Type: types.ResourceTypeMemory, Value: aws.String("2GB")},
				},
			},
		},
	})
	var invalid validator.ValidationErrors
	if errors.As(err, &invalid) {
		for _, field := range invalid {
			fmt.Println(field.Namespace(), field.Tag())
		}
		fmt.Println(invalid[len(invalid)-1].Param())
	}
	// Output:
	// config.Team required
	// config.Name batchjobname
	// config.Shards batcharraysize
	// config.Definition.containerProperties.resourceRequirements[1].value RR005
	// must be a plain number, found "2GB": write no unit, MEMORY is in MiB
}
