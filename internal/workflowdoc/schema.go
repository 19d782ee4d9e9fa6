package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/smithy-go/middleware"

	"github.com/batchkit/batchkit-go/workflowfile"
)

// A schema is one of JSON Schema, as far as it is needed here.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Type        any                `json:"type,omitempty"` // a name or several
	Properties  map[string]*schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"` // false or a schema
	Items       *schema            `json:"items,omitempty"`
	MinItems    int                `json:"minItems,omitempty"`
	AnyOf       []*schema          `json:"anyOf,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	Defs        map[string]*schema `json:"$defs,omitempty"`
}

// valued is a text in which values stand, so that nothing is known of it; value is one that is nothing but one value, and may
// become a number or a boolean.
const (
	valued = `\$\{\{.*\}\}`
	value  = `^\$\{\{.*\}\}$`
)

// document makes the text from the sources under root.
func document(root string) ([]byte, error) {
	b := &builder{root: root, defs: map[string]*schema{}}
	file, err := b.file()
	if err != nil {
		return nil, err
	}
	file.Schema, file.Title, file.Defs = "https://json-schema.org/draft/2020-12/schema", "A workflow file of batchkit", b.defs
	text, err := json.MarshalIndent(file, "", "  ")
	return append(text, '\n'), err
}

// A builder makes schemas. Structs of the SDK become definitions, each once.
type builder struct {
	root string
	defs map[string]*schema
}

// file is the schema of a whole file. What the Go structs hold in another form than the file is said here.
func (b *builder) file() (*schema, error) {
	own, err := b.own()
	if err != nil {
		return nil, err
	}
	file, job, barrier := own["File"], own["Job"], own["Barrier"]
	values := func(s *schema) {
		s.Type, s.Additional = "object", &schema{Type: []string{"string", "number", "boolean", "null"}}
	}
	values(file.Properties["values"])
	file.Properties["definitions"].Additional = &schema{AnyOf: []*schema{
		{Type: "string"}, b.of(reflect.TypeFor[batch.RegisterJobDefinitionInput]()),
	}}
	file.Properties["jobs"].Items, file.Properties["jobs"].MinItems = job, 1
	file.Properties["barrier"].AnyOf = []*schema{barrier}
	file.Properties["$schema"].Type = "string"
	each := job.Properties["each"]
	each.Type, each.MinItems, each.Items = "array", 1, &schema{}
	values(each.Items)
	b.of(reflect.TypeFor[batch.SubmitJobInput]())
	const submit = "SubmitJobInput"
	for name, member := range b.defs[submit].Properties {
		if name != "jobName" && name != "jobQueue" && name != "jobDefinition" { // which have names of their own here
			job.Properties[name] = member
		}
	}
	delete(b.defs, submit)
	return file, nil
}

// own returns the schemas of the structs of package workflowfile, with what the page says of their members.
func (b *builder) own() (map[string]*schema, error) {
	page, err := os.ReadFile(filepath.Join(b.root, "docs", "workflow-file.md"))
	if err != nil {
		return nil, err
	}
	out := map[string]*schema{}
	for _, part := range []struct {
		heading string
		typ     reflect.Type
	}{
		{"The file", reflect.TypeFor[workflowfile.File]()},
		{"Jobs", reflect.TypeFor[workflowfile.Job]()},
		{"Barrier", reflect.TypeFor[workflowfile.Barrier]()},
	} {
		s := &schema{Type: "object", Properties: map[string]*schema{}, Additional: false}
		for i := range part.typ.NumField() {
			f := part.typ.Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && name != "-" {
				s.Properties[name] = ownMember(f.Type)
			}
		}
		out[part.typ.Name()] = s
		_, section, _ := strings.Cut(string(page), "\n## "+part.heading+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		for _, row := range memberRow.FindAllStringSubmatch(section, -1) {
			name, text := row[1], strings.ReplaceAll(row[2], "`", "")
			if s.Properties[name] == nil { // the file has it, and the struct another form of it
				s.Properties[name] = &schema{}
			}
			s.Properties[name].Description = text
			if strings.HasSuffix(text, mustBeGiven) {
				s.Required = append(s.Required, name)
			}
		}
		for name, member := range s.Properties {
			if member.Description == "" {
				return nil, fmt.Errorf("docs/workflow-file.md: no row for %s under %q", name, part.heading)
			}
		}
	}
	return out, nil
}

// memberRow is a row of a table of members.
var memberRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*) \\|$")

// mustBeGiven ends the rows of members that a file must have.
const mustBeGiven = "Must be given."

// ownMember is the schema of a field of package workflowfile, whose lists of names may be one name.
func ownMember(t reflect.Type) *schema {
	switch t.Kind() {
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Bool:
		return orValue("boolean")
	case reflect.Int:
		return orValue("integer")
	case reflect.Map:
		return &schema{Type: "object"}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return &schema{AnyOf: []*schema{{Type: "string"}, {Type: "array", Items: &schema{Type: "string"}}}}
		}
		return &schema{Type: "array"}
	}
	return &schema{}
}

// orValue is a scalar, or what becomes one.
func orValue(kind string) *schema {
	return &schema{AnyOf: []*schema{{Type: kind}, {Type: "string", Pattern: value}}}
}

// of is the schema of a type of the SDK.
func (b *builder) of(t reflect.Type) *schema {
	switch t.Kind() {
	case reflect.Pointer:
		return b.of(t.Elem())
	case reflect.String:
		if names := enum(t); len(names) > 0 {
			return &schema{AnyOf: []*schema{{Enum: names}, {Type: "string", Pattern: valued}}}
		}
		return &schema{Type: "string"}
	case reflect.Bool:
		return orValue("boolean")
	case reflect.Int32, reflect.Int64:
		return orValue("integer")
	case reflect.Slice:
		return &schema{Type: "array", Items: b.of(t.Elem())}
	case reflect.Map:
		return &schema{Type: "object", Additional: b.of(t.Elem())}
	case reflect.Struct:
		b.define(t)
		return &schema{Ref: "#/$defs/" + t.Name()}
	}
	return orValue("number")
}

// define makes the definition of a struct of the SDK.
func (b *builder) define(t reflect.Type) {
	if b.defs[t.Name()] != nil {
		return
	}
	s := &schema{Type: "object", Properties: map[string]*schema{}, Additional: false}
	b.defs[t.Name()] = s
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Type != reflect.TypeFor[middleware.Metadata]() {
			s.Properties[strings.ToLower(f.Name[:1])+f.Name[1:]] = b.of(f.Type)
		}
	}
}

// enum returns the values of an enumeration of the SDK, none for a string.
func enum(t reflect.Type) []string {
	values := reflect.Zero(t).MethodByName("Values")
	if !values.IsValid() {
		return nil
	}
	var names []string
	all := values.Call(nil)[0]
	for i := range all.Len() {
		names = append(names, all.Index(i).String())
	}
	return names
}
