package terraform

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/smithy-go/middleware"

	"github.com/batchkit/batchkit-go/internal/ordered"
)

// Every member of the SDK's inputs is an argument of the resource, or is refused, and no argument is forgotten.
func TestEveryMemberIsAnArgumentOrRefused(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/attributes.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := &audit{arguments: map[string]bool{}, written: map[string]bool{}}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			a.arguments[line] = true
		}
	}
	for kind, in := range map[string]any{
		jobDefinition:      batch.RegisterJobDefinitionInput{},
		jobQueue:           batch.CreateJobQueueInput{},
		computeEnvironment: batch.CreateComputeEnvironmentInput{},
		schedulingPolicy:   batch.CreateSchedulingPolicyInput{},
	} {
		met := map[string]bool{}
		a.object(t, kind, reflect.TypeOf(in), "", kind, met)
		for pattern := range lacking[kind] {
			if !met[pattern] {
				t.Errorf("%s: the table of lacking members names %s, which the SDK does not have", kind, pattern)
			}
		}
	}
	delete(a.arguments, jobDefinition+".deregister_on_new_revision")
	for argument := range a.arguments {
		if !a.written[argument] {
			t.Errorf("nothing writes %s", argument)
		}
	}
}

type audit struct{ arguments, written map[string]bool }

func (a *audit) object(t *testing.T, kind string, typ reflect.Type, pattern, argument string, met map[string]bool) {
	t.Helper()
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !f.IsExported() || f.Type == reflect.TypeFor[middleware.Metadata]() {
			continue
		}
		at := strings.TrimPrefix(pattern+"."+ordered.Lower(f.Name), ".")
		met[at] = true
		name, ok := attributeNames[kind][at]
		if !ok {
			name = ordered.Snake(ordered.Lower(f.Name))
		}
		name = argument + "." + name
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		elements := at
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner, elements = inner.Elem(), at+"[]"
		}
		switch {
		case lacking[kind][at]:
			if a.has(name) {
				t.Errorf("%s is refused, and the provider has %s", at, name)
			}
		case inner.Kind() == reflect.Struct && !jsonTexts[at]:
			a.object(t, kind, inner, elements, name, met)
		case !a.arguments[name]:
			t.Errorf("%s: %s is to become %s, which the provider does not have", kind, at, name)
		default:
			a.written[name] = true
		}
	}
}

// has reports whether an argument, or one in a block of the name, exists.
func (a *audit) has(name string) bool {
	for argument := range a.arguments {
		if argument == name || strings.HasPrefix(argument, name+".") {
			return true
		}
	}
	return false
}
