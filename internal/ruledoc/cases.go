package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A ruleCase is one rule with an input that passes and one that fails: a base with some members set.
type ruleCase struct {
	Rule       string
	On         string
	Pass, Fail variant
}

type variant struct {
	Reason string
	Set    map[string]json.RawMessage
	At     string
}

// readCases reads the cases in a folder, by rule.
func readCases(dir string) (map[string]ruleCase, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no cases in %s", dir)
	}
	byRule := map[string]ruleCase{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var cases []ruleCase
		if err := json.Unmarshal(data, &cases); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, c := range cases {
			if _, again := byRule[c.Rule]; !again {
				byRule[c.Rule] = c
			}
		}
	}
	return byRule, nil
}

// lines lists what is set, a member a line.
func (v variant) lines() ([]string, error) {
	var out []string
	for _, path := range slices.Sorted(maps.Keys(v.Set)) {
		text, err := valueText(v.Set[path])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, path+text)
	}
	return out, nil
}

// valueText is what a member is set to: JSON on one line, or words for what the cases write in short.
func valueText(raw json.RawMessage) (string, error) {
	if string(raw) == "null" {
		return " is absent", nil
	}
	var long struct {
		Repeat string `json:"$repeat"`
		Times  int
		After  string
	}
	if strings.Contains(string(raw), "$repeat") && json.Unmarshal(raw, &long) == nil && long.Repeat != "" {
		text := fmt.Sprintf("%q repeated %d times", long.Repeat, long.Times)
		if long.After != "" {
			text += fmt.Sprintf(" after %q", long.After)
		}
		return " = " + text, nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return "", err
	}
	return " = " + b.String(), nil
}
