package validate

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/go-playground/validator/v10"
)

// Register teaches a validator of go-playground the rules of AWS Batch, so that v.Struct(cfg) judges the SDK's
// inputs inside cfg too. These are [batch.RegisterJobDefinitionInput] and [batch.SubmitJobInput], and by themselves
// the parts of a definition: ContainerProperties, EcsProperties, EksProperties, NodeProperties, RetryStrategy and
// JobTimeout. Of a part that stands by itself the platform is not known, so only what holds on all of them is judged.
//
// Each finding of severity [Error] becomes a validator.FieldError: its Tag is the id of the rule, its Namespace that of
// the input followed by the path of the finding, in the API's JSON spelling, and its Param the message. Its Value is
// always nil, so that no environment and no secret gets into a log. A finding about the whole input has the field
// "request". Warnings are not reported; options are those of [JobDefinition] and [SubmitJob].
//
// Fields of your own can have these tags. The text ones fail on an empty text: put omitempty first to allow it.
//
//	batchjobname         the name of a job
//	batchdefinitionname  the name of a definition
//	batcharraysize       the size of an array job, 2 to 10000
//	batchimage           a container image
//	batchrolearn         the ARN of an IAM role
//	batchfargate=Field   vCPUs that make a size of Fargate together with the MiB of memory in Field of the same struct
//
// Call Register once, before the first use of v: a validator remembers what it has seen of a type. It must not run
// beside a validation. It takes the place of struct validations that v has for these types. In a slice or a map the
// inputs are reached with the tag dive, as everywhere. It returns an error when v is nil.
func Register(v *validator.Validate, opts ...Option) error {
	if v == nil {
		return errors.New("validate: Register needs a validator")
	}
	for _, tag := range tags {
		if err := v.RegisterValidation(tag.name, tag.valid); err != nil {
			return fmt.Errorf("validate: registering %s: %w", tag.name, err)
		}
	}
	v.RegisterStructValidation(func(sl validator.StructLevel) {
		in := sl.Current().Interface().(batch.RegisterJobDefinitionInput)
		report(sl, JobDefinition(&in, opts...), "")
	}, batch.RegisterJobDefinitionInput{})
	v.RegisterStructValidation(func(sl validator.StructLevel) {
		in := sl.Current().Interface().(batch.SubmitJobInput)
		report(sl, SubmitJob(&in, opts...), "")
	}, batch.SubmitJobInput{})

	registerPart(v, "containerProperties", opts, func(in *batch.RegisterJobDefinitionInput, c *types.ContainerProperties) { in.ContainerProperties = c })
	registerPart(v, "ecsProperties", opts, func(in *batch.RegisterJobDefinitionInput, e *types.EcsProperties) { in.EcsProperties = e })
	registerPart(v, "eksProperties", opts, func(in *batch.RegisterJobDefinitionInput, e *types.EksProperties) { in.EksProperties = e })
	registerPart(v, "nodeProperties", opts, func(in *batch.RegisterJobDefinitionInput, n *types.NodeProperties) {
		in.Type, in.NodeProperties = types.JobDefinitionTypeMultinode, n
	})
	registerPart(v, "retryStrategy", opts, func(in *batch.RegisterJobDefinitionInput, r *types.RetryStrategy) { in.RetryStrategy = r })
	registerPart(v, "timeout", opts, func(in *batch.RegisterJobDefinitionInput, t *types.JobTimeout) { in.Timeout = t })
	return nil
}

// registerPart has a part of a definition judged where it stands by itself.
func registerPart[T any](v *validator.Validate, member string, opts []Option, put func(*batch.RegisterJobDefinitionInput, *T)) {
	var zero T
	v.RegisterStructValidation(func(sl validator.StructLevel) {
		if insideInput(sl) {
			return // judged with it
		}
		part := sl.Current().Interface().(T)
		in := &batch.RegisterJobDefinitionInput{Type: types.JobDefinitionTypeContainer}
		put(in, &part)
		report(sl, JobDefinition(in, append(opts[:len(opts):len(opts)], WithUnknown("platformCapabilities"))...), member)
	}, zero)
}

var sdkPackages = []string{
	reflect.TypeFor[batch.SubmitJobInput]().PkgPath(),
	reflect.TypeFor[types.ContainerProperties]().PkgPath(),
}

// insideInput reports whether the struct is a member of another of the SDK. A struct at the top is its own parent.
func insideInput(sl validator.StructLevel) bool {
	parent := reflect.Indirect(sl.Parent()).Type()
	own := reflect.Indirect(sl.Current()).Type()
	return parent != own && (parent.PkgPath() == sdkPackages[0] || parent.PkgPath() == sdkPackages[1])
}

// report hands on the errors at and below a member, which is left out of their paths; "" is the whole input.
func report(sl validator.StructLevel, found Findings, member string) {
	for _, f := range found.Errors() {
		if !leadsTo(member, f.Path) {
			continue // about what stands in for the rest of the definition
		}
		field := strings.TrimPrefix(strings.TrimPrefix(f.Path, member), ".")
		if field == "" {
			field = "request"
		}
		sl.ReportError(nil, field, field, f.Rule, f.Message)
	}
}
