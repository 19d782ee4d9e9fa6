package validate

import (
	"reflect"

	"github.com/go-playground/validator/v10"
)

// tags are those that Register adds for fields of the caller's own.
var tags = []struct {
	name  string
	valid validator.Func
}{
	{"batchjobname", onText(isJobName)},
	{"batchdefinitionname", onText(validDefinitionName)},
	{"batchimage", onText(func(s string) bool { return s != "" && len(s) <= maxImage && imageLetters.writes(s) })},
	{"batchrolearn", onText(isRoleARN)},
	{"batcharraysize", func(fl validator.FieldLevel) bool {
		n, ok := number(fl.Field())
		return ok && n == float64(int64(n)) && n >= minArraySize && n <= maxArraySize
	}},
	{"batchfargate", func(fl validator.FieldLevel) bool {
		other, _, _, found := fl.GetStructFieldOK2()
		vcpus, ok := number(fl.Field())
		if !found || !ok {
			return false
		}
		memory, ok := number(other)
		size := fargateSize{vcpus: vcpus, memory: memory}
		return ok && size.valid()
	}},
}

// onText is a check of a text; no other kind of field passes.
func onText(valid func(string) bool) validator.Func {
	return func(fl validator.FieldLevel) bool {
		return fl.Field().Kind() == reflect.String && valid(fl.Field().String())
	}
}

// number reads a field as a number: a text is read as the API has it, such as "0.25".
func number(v reflect.Value) (float64, bool) {
	switch {
	case v.Kind() == reflect.String:
		return decimal(v.String())
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	default:
		return 0, false
	}
}
