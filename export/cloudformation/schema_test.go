package cloudformation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/smithy-go/middleware"

	"github.com/batchkit/batchkit-go/internal/ordered"
)

// A schema is what the audit reads of a resource schema of CloudFormation.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       string             `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Patterns   map[string]*schema `json:"patternProperties"`
	Items      *schema            `json:"items"`
	Enum       []string           `json:"enum"`
	Loose      []string           `json:"enumCaseInsensitive"`

	Definitions map[string]*schema `json:"definitions"`
	ReadOnly    []string           `json:"readOnlyProperties"`
}

func readSchema(t *testing.T, resource string) *schema {
	t.Helper()
	name := strings.ToLower(strings.ReplaceAll(resource, "::", "-")) + ".json"
	data, err := os.ReadFile(filepath.Join("testdata", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// An audit compares an input of the SDK with a resource schema.
type audit struct {
	root    *schema
	lacking map[string]bool     // patterns of members that the schema does not have
	enums   map[string][]string // values of the SDK that the schema does not take
	wrong   []string            // members of another type
}

func (a *audit) resolve(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = a.root.Definitions[strings.TrimPrefix(s.Ref, "#/definitions/")]
	}
	return s
}

func (a *audit) object(t reflect.Type, s *schema, pattern string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Type == reflect.TypeFor[middleware.Metadata]() {
			continue
		}
		at := strings.TrimPrefix(pattern+"."+ordered.Lower(f.Name), ".")
		inner := a.resolve(s.Properties[propertyName(ordered.Lower(f.Name))])
		if inner == nil {
			a.lacking[at] = true
			continue
		}
		a.value(f.Type, inner, at)
	}
}

func (a *audit) value(t reflect.Type, s *schema, at string) {
	want := ""
	switch t.Kind() {
	case reflect.Pointer:
		a.value(t.Elem(), s, at)
		return
	case reflect.Struct:
		want = "object"
		a.object(t, s, at)
	case reflect.Slice:
		want = "array"
		if s.Items == nil {
			a.wrong = append(a.wrong, at)
			return
		}
		a.value(t.Elem(), a.resolve(s.Items), at+"[]")
	case reflect.Map:
		want = "object"
		for _, p := range s.Patterns {
			a.value(t.Elem(), a.resolve(p), at+"[]")
		}
	case reflect.Bool:
		want = "boolean"
	case reflect.Float32:
		want = "number"
	case reflect.String:
		want = "string"
		a.enum(t, s, at)
	default:
		want = "integer"
	}
	if s.Type != want {
		a.wrong = append(a.wrong, at+": "+s.Type+" for "+want)
	}
}

func (a *audit) enum(t reflect.Type, s *schema, at string) {
	method, ok := t.MethodByName("Values")
	if !ok || len(s.Enum)+len(s.Loose) == 0 {
		return
	}
	values := method.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
	for i := range values.Len() {
		value := values.Index(i).String()
		found := false
		for _, known := range s.Enum {
			found = found || known == value
		}
		for _, known := range s.Loose {
			found = found || strings.EqualFold(known, value)
		}
		if !found {
			a.enums[at] = append(a.enums[at], value)
		}
	}
}
