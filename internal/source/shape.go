package source

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/smithy-go/middleware"
)

var (
	definitionType = reflect.TypeFor[batch.RegisterJobDefinitionInput]()
	submissionType = reflect.TypeFor[batch.SubmitJobInput]()
	metadataType   = reflect.TypeFor[middleware.Metadata]()
)

// direct returns what a pointer points to, and any other type as it is.
func direct(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// fieldOf returns the type of the member of a struct that a name of the API stands for.
func fieldOf(t reflect.Type, wire string) (reflect.Type, bool) {
	if wire == "" || upper(wire) == wire {
		return nil, false
	}
	f, ok := t.FieldByName(upper(wire))
	if !ok || !f.IsExported() || f.Type == metadataType {
		return nil, false
	}
	return direct(f.Type), true
}

// likeField returns the member of a struct whose name is the given one but for
// case and word separators: read_only_root_file_system for readonlyRootFilesystem.
func likeField(t reflect.Type, name string) (wire string, field reflect.Type, ok bool) {
	folded := fold(name)
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && f.Type != metadataType && fold(f.Name) == folded {
			return lower(f.Name), direct(f.Type), true
		}
	}
	return "", nil, false
}

func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// upper and lower change the first letter: the API's names begin with a small one, those of Go and CloudFormation not.
func upper(name string) string { return change(name, strings.ToUpper) }
func lower(name string) string { return change(name, strings.ToLower) }

func change(name string, to func(string) string) string {
	if name == "" || name[0] >= 0x80 {
		return name
	}
	return to(name[:1]) + name[1:]
}

// isNumber reports whether a type is one of numbers; the API has whole ones only.
func isNumber(t reflect.Type) bool { return t.Kind() == reflect.Int32 || t.Kind() == reflect.Int64 }
