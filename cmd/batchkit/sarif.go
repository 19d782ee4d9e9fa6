package main

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/internal/source"
	"github.com/batchkit/batchkit-go/validate"
)

// The parts of SARIF 2.1.0 that are used, under the names of the standard.
type (
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
		HelpURI          string       `json:"helpUri,omitempty"`
		Configuration    sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool          `json:"executionSuccessful"`
		Notifications       []sarifNotice `json:"toolExecutionNotifications"`
	}
	sarifNotice struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

// printSARIF writes a SARIF 2.1.0 log of one run.
func printSARIF(w io.Writer, results []source.Result) error {
	rules := rulesOf(results)
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "batchkit", InformationURI: "https://github.com/batchkit/batchkit-go", Rules: rules,
		}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: true, Notifications: []sarifNotice{}}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	for _, r := range results {
		if r.Err != nil {
			line, column, message := r.Place()
			call := &run.Invocations[0]
			call.ExecutionSuccessful = false
			call.Notifications = append(call.Notifications, sarifNotice{
				Level: "error", Message: sarifMessage{message}, Locations: []sarifLocation{locate(r.Path, line, column)},
			})
		}
		for _, f := range r.Findings {
			at := locate(r.Path, f.Line, f.Column)
			if name := strings.TrimSuffix(r.Resource+"."+f.Path, "."); name != "" {
				at.Logical = []sarifLogical{{strings.TrimPrefix(name, ".")}}
			}
			run.Results = append(run.Results, sarifResult{
				RuleID:    f.Rule,
				RuleIndex: slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == f.Rule }),
				Level:     level(f.Severity),
				Message:   sarifMessage{strings.TrimPrefix(f.Path+": "+f.Message, ": ")},
				Locations: []sarifLocation{at},
			})
		}
	}
	return writeJSON(w, sarifLog{
		Version: "2.1.0", Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Runs: []sarifRun{run},
	})
}

// rulesOf returns the rules that were broken, each once, by id.
func rulesOf(results []source.Result) []sarifRule {
	var ids []string
	for _, r := range results {
		for _, f := range r.Findings {
			ids = append(ids, f.Rule)
		}
	}
	slices.Sort(ids)
	rules := []sarifRule{}
	for _, id := range slices.Compact(ids) {
		e, _ := describe(id)
		rules = append(rules, sarifRule{
			ID: id, ShortDescription: sarifMessage{e.rule.Title}, HelpURI: e.rule.Source,
			Configuration: sarifDefault{level(e.rule.Severity)},
		})
	}
	return rules
}

// level is the word of SARIF for a severity.
func level(s validate.Severity) string {
	switch s {
	case validate.Error:
		return "error"
	case validate.Warning:
		return "warning"
	default:
		return "note"
	}
}

// locate is a place in a file; a line of 0 stands for the whole file.
func locate(path string, line, column int) sarifLocation {
	uri := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		uri.Scheme = "file"
	}
	at := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{URI: uri.String()}}}
	if line > 0 {
		at.Physical.Region = &sarifRegion{StartLine: line, StartColumn: max(column, 1)}
	}
	return at
}
