package cloudformation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/internal/exporttest"
	"github.com/batchkit/batchkit-go/internal/golden"
	"github.com/batchkit/batchkit-go/validate"
)

func TestWholeTemplate(t *testing.T) {
	t.Parallel()
	for file, write := range map[string]func() ([]byte, error){"whole.json": whole().JSON, "whole.yaml": whole().YAML} {
		text, err := write()
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, filepath.Join("testdata", file), string(text))
	}
}

// What is exported is what CloudFormation's own schemas of AWS Batch allow.
func TestSchemas(t *testing.T) {
	t.Parallel()
	templates := map[string]cloudformation.Template{"whole": whole()}
	for _, d := range exporttest.Bases(t, "../..") {
		templates[d.Name] = cloudformation.New("").JobDefinition("Definition", d.Input)
	}
	checked := 0
	for name, template := range templates {
		checked += checkSchemas(t, name, template)
	}
	if checked < len(templates) {
		t.Errorf("only %d resources of %d templates were checked", checked, len(templates))
	}
}

func TestSchemasOfTheCorpus(t *testing.T) {
	t.Parallel()
	for _, d := range exporttest.Corpus(t) {
		if validate.JobDefinition(d.Input).Err() == nil { // what the service refuses, a schema may refuse too
			checkSchemas(t, d.Name, cloudformation.New("").JobDefinition("Definition", d.Input))
		}
	}
}

func checkSchemas(t *testing.T, name string, template cloudformation.Template) (checked int) {
	t.Helper()
	text, err := template.JSON()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var root struct {
		Resources map[string]struct {
			Type       string
			Properties any
		}
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for id, resource := range root.Resources {
		file := filepath.Join("testdata", "schemas", strings.ToLower(strings.ReplaceAll(resource.Type, "::", "-"))+".json")
		if _, err := os.Stat(file); err != nil {
			continue // no resource of AWS Batch
		}
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft7)
		compiler.UseRegexpEngine(longRepeats)
		schema, err := compiler.Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(resolved(resource.Properties)); err != nil {
			t.Errorf("%s: %s: %v", name, id, err)
		}
		checked++
	}
	return checked
}

// longRepeats reads a pattern of a schema. Package regexp counts to 1000 only, and one of them wants up to 1023.
func longRepeats(pattern string) (jsonschema.Regexp, error) {
	return regexp.Compile(strings.ReplaceAll(pattern, "{0,1023}", "*"))
}

// resolved puts a value in the place of each intrinsic function, as CloudFormation does before it looks at a schema.
func resolved(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, function := range []string{"Ref", "Fn::GetAtt", "Fn::Sub"} {
			if _, ok := v[function]; ok && len(v) == 1 {
				if v[function] == "Subnets" {
					return []any{"subnet-0123456789abcdef0"} // a parameter that is a list
				}
				return "arn:aws:batch:eu-west-1:123456789012:resource/name"
			}
		}
		for name, inner := range v {
			v[name] = resolved(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = resolved(inner)
		}
	}
	return v
}

// cfn-lint knows the schemas of all services, and what is wrong with a template beside them.
func TestCfnLint(t *testing.T) {
	t.Parallel()
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("cfn-lint is not on this machine, so it was not asked")
	}
	folder := t.TempDir()
	args := []string{"--format", "parseable", "--regions", "us-east-1", "--non-zero-exit-code", "warning"}
	add := func(name string, write func() ([]byte, error)) {
		text, err := write()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	add("whole.json", whole().JSON)
	add("whole.yaml", whole().YAML)
	for _, d := range exporttest.Bases(t, "../..") {
		if !strings.HasPrefix(d.Name, "submit") { // those have the same definitions
			add(d.Name, cloudformation.New("").JobDefinition("Definition", d.Input).JSON)
		}
	}
	// The parameters that nothing uses are for this test alone.
	out, err := exec.CommandContext(t.Context(), lint, append(args, "--ignore-checks", "W2001")...).CombinedOutput()
	if err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}
