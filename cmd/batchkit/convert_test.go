package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/exporttest"
	"github.com/batchkit/batchkit-go/internal/source"
)

// A definition becomes a template that has the same findings, and comes back from it as it was.
func TestConvertThereAndBack(t *testing.T) {
	t.Parallel()
	for _, d := range exporttest.Bases(t, "../..") {
		thereAndBack(t, d)
	}
}

func TestConvertTheCorpus(t *testing.T) {
	t.Parallel()
	for _, d := range exporttest.Corpus(t) {
		thereAndBack(t, d)
	}
}

// Ids stay where a file has them, and are made of names that the target would not take.
func TestConvertIDs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason       string
		document           source.Document
		logical, terraform string
	}{
		{"a name", "words become one", source.Document{Kind: source.JobDefinition, Definition: called("nightly-report_2")}, "NightlyReport2", "nightly-report_2"},
		{"a digit first", "Terraform has no such id", source.Document{Kind: source.JobDefinition, Definition: called("2nd")}, "2nd", "_2nd"},
		{"no name", "there has to be one", source.Document{Kind: source.JobDefinition, Definition: &batch.RegisterJobDefinitionInput{}}, "JobDefinition", "JobDefinition"},
		{"not a letter", "there has to be one", source.Document{Kind: source.JobDefinition, Definition: called("äöü")}, "JobDefinition", "JobDefinition"},
		{"of a template", "its id stays", source.Document{Kind: source.CloudFormation, Resource: "Job42", Definition: called("report")}, "Job42", "report"},
		{"of a state", "its name stays", source.Document{Kind: source.Terraform, Resource: `module.m.aws_batch_job_definition.night["a b"]`, Definition: called("report")}, "Report", "night_a_b"},
		{"of no address", "the file may say anything", source.Document{Kind: source.Terraform, Resource: "x", Definition: called("report")}, "Report", "report"},
	} {
		if row.reason == "" {
			t.Errorf("%s: no reason", row.name)
		}
		if got := logicalID(&row.document); got != row.logical {
			t.Errorf("%s (%s): logical id %q, want %q", row.name, row.reason, got, row.logical)
		}
		if got := terraformID(&row.document); got != row.terraform {
			t.Errorf("%s (%s): id of Terraform %q, want %q", row.name, row.reason, got, row.terraform)
		}
	}
}

func called(name string) *batch.RegisterJobDefinitionInput {
	return &batch.RegisterJobDefinitionInput{JobDefinitionName: &name}
}

func thereAndBack(t *testing.T, d exporttest.Named) {
	t.Helper()
	folder := t.TempDir()
	first := filepath.Join(folder, "definition.json")
	if err := os.WriteFile(first, []byte(exporttest.Wire(t, d.Input)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"json", "yaml"} {
		template := filepath.Join(folder, "template."+form)
		convertTo(t, template, "cloudformation", form, first)
		if diff := cmp.Diff(findingsOf(t, first), findingsOf(t, template)); diff != "" {
			t.Errorf("%s: findings: -definition +template\n%s", d.Name, diff)
		}
		for _, back := range []string{"json", "yaml"} {
			last := filepath.Join(folder, "back."+back)
			convertTo(t, last, "api", back, template)
			if back == "yaml" {
				convertTo(t, filepath.Join(folder, "again.json"), "api", "json", last)
				last = filepath.Join(folder, "again.json")
			}
			data, err := os.ReadFile(last)
			if err != nil {
				t.Fatal(err)
			}
			var got batch.RegisterJobDefinitionInput
			if err := batchjson.Unmarshal(data, &got); err != nil {
				t.Fatalf("%s: %v", d.Name, err)
			}
			if diff := cmp.Diff(exporttest.Wire(t, d.Input), exporttest.Wire(t, &got)); diff != "" {
				t.Errorf("%s: -before +after\n%s", d.Name, diff)
			}
		}
	}
}

func convertTo(t *testing.T, file, target, form, from string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := run(t.Context(), []string{"convert", "--to", target, "-o", form, from}, nil, &stdout, &stderr); got != statusOK {
		t.Fatalf("convert %s: exit status %d\n%s", from, got, stderr.String())
	}
	if err := os.WriteFile(file, stdout.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// findingsOf returns rules and paths, which do not depend on where in a file a member stands.
func findingsOf(t *testing.T, file string) []string {
	t.Helper()
	got, _ := validateJSON(t, "validate", "--strict", "-o", "json", file)
	var all []string
	for _, f := range got.Files {
		if f.Error != "" {
			t.Fatalf("%s: %s", file, f.Error)
		}
		for _, found := range f.Findings {
			all = append(all, found.Rule+" "+found.Path+": "+found.Message)
		}
	}
	slices.Sort(all)
	return all
}
