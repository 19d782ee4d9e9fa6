// Command ruledoc writes docs/rules.md, the catalogue of the rules of package
// validate for readers, from the catalogue itself and from its cases.
//
// It is run by go generate ./validate, or as go run ./internal/ruledoc in the
// root of the module.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/batchkit/batchkit-go/validate"
)

func main() {
	root := flag.String("root", ".", "the root of the module")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "ruledoc:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	text, err := document(root)
	if err != nil {
		return err
	}
	return os.WriteFile(documentPath(root), text, 0o644)
}

func documentPath(root string) string { return filepath.Join(root, "docs", "rules.md") }

// document makes the text from the catalogue and the cases under root.
func document(root string) ([]byte, error) {
	cases, err := readCases(filepath.Join(root, "validate", "testdata", "cases"))
	if err != nil {
		return nil, err
	}
	return render(validate.Rules(), validate.NotJudgedRules(), cases)
}
