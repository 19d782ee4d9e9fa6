package main

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/terraform"
	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/internal/source"
)

// writeAPI writes a document for each item. Only YAML has room for more than one.
func writeAPI(items []*item, output string) ([]byte, error) {
	if len(items) > 1 && output == "json" {
		return nil, errors.New("--to api writes one document as JSON, and the files hold more; give -o yaml for a stream of them")
	}
	var out bytes.Buffer
	for n, i := range items {
		in := any(i.Definition)
		if i.Submission != nil {
			in = i.Submission
		}
		text, err := batchjson.MarshalIndent(in, "  ")
		if err != nil {
			return nil, err
		}
		if output == "json" {
			return append(text, '\n'), nil
		}
		root, err := ordered.Parse(text)
		if err != nil {
			return nil, err
		}
		if text, err = ordered.YAML(root); err != nil {
			return nil, err
		}
		if n > 0 {
			out.WriteString("---\n")
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

func writeCloudFormation(items []*item, output string) ([]byte, error) {
	var template cloudformation.Template
	for _, i := range items {
		template = template.JobDefinition(i.id, i.Definition)
	}
	if output == "yaml" {
		return template.YAML()
	}
	return template.JSON()
}

func writeTerraform(items []*item, _ string) ([]byte, error) {
	var configuration terraform.Configuration
	for _, i := range items {
		configuration = configuration.JobDefinition(i.id, i.Definition)
	}
	return configuration.JSON()
}

// noLogicalID are the characters that a logical id of CloudFormation does not have, noTerraformID those of Terraform.
var (
	noLogicalID   = regexp.MustCompile(`[^A-Za-z0-9]+`)
	noTerraformID = regexp.MustCompile(`[^A-Za-z0-9_-]+`)
)

// unnamed is the id of a definition that has nothing to be called by.
const unnamed = "JobDefinition"

// logicalID keeps the logical id of a template, and else makes one of the name: nightly-report becomes NightlyReport.
func logicalID(d *source.Document) string {
	if d.Kind == source.CloudFormation && d.Resource != "" && !noLogicalID.MatchString(d.Resource) {
		return d.Resource
	}
	var id strings.Builder
	for _, word := range noLogicalID.Split(aws.ToString(d.Definition.JobDefinitionName), -1) {
		if word != "" {
			id.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	if id.Len() == 0 {
		return unnamed
	}
	return id.String()
}

// terraformType is what comes before the name of a resource in its address.
const terraformType = "aws_batch_job_definition."

// terraformID keeps the name of a resource of Terraform, and else makes one of the name of the definition.
func terraformID(d *source.Document) string {
	id := aws.ToString(d.Definition.JobDefinitionName)
	if i := strings.LastIndex(d.Resource, terraformType); d.Kind == source.Terraform && i >= 0 {
		id = d.Resource[i+len(terraformType):]
	}
	id = strings.Trim(noTerraformID.ReplaceAllString(id, "_"), "_")
	if id == "" {
		return unnamed
	}
	if c := id[0]; c >= '0' && c <= '9' || c == '-' {
		return "_" + id
	}
	return id
}
