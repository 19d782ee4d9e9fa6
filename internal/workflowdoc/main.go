// Command workflowdoc writes docs/workflow.schema.json, the JSON Schema of workflow files for editors, from the structs of
// package workflowfile, the SDK's types, and what docs/workflow-file.md says of each member.
//
// It is run by go generate ./workflowfile, or as go run ./internal/workflowdoc in the root of the module.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the root of the module")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "workflowdoc:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	text, err := document(root)
	if err != nil {
		return err
	}
	return os.WriteFile(schemaPath(root), text, 0o644)
}

func schemaPath(root string) string { return filepath.Join(root, "docs", "workflow.schema.json") }
