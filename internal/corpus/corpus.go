// Package corpus reads the folder that BATCHKIT_CORPUS names: requests and resources found in public, each with what
// AWS, or a client of it, says to it. Only tests import it.
package corpus

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// An Item is a file of the corpus.
type Item struct {
	// Name is the file's, and its folder is left out.
	Name string `json:"-"`
	// Kind is what Input is: RegisterJobDefinition, SubmitJob, CloudFormation and the like.
	Kind string
	// Expect is accepted or rejected, and Why by whom and for what.
	Expect, Why string
	// Note may name another item in whose context this one is to be judged; see [Item.Context].
	Note string
	// Input is the request or the resource, as it was found.
	Input json.RawMessage

	folder string
}

// Read returns the items by name, and skips the test if BATCHKIT_CORPUS names no folder.
func Read(tb testing.TB) []Item {
	tb.Helper()
	folder := os.Getenv("BATCHKIT_CORPUS")
	if folder == "" {
		tb.Skip("BATCHKIT_CORPUS is not set: it names a folder of inputs with their known outcome")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no corpus in %s: %v", folder, err)
	}
	items := make([]Item, len(files))
	for i, file := range files {
		items[i] = read(tb, folder, filepath.Base(file))
	}
	return items
}

func read(tb testing.TB, folder, name string) Item {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		tb.Fatal(err)
	}
	item := Item{Name: name, folder: folder}
	if err := json.Unmarshal(data, &item); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return item
}

var context = regexp.MustCompile(`CONTEXT: .*?(\d{3}-[a-z0-9-]+\.json)`)

// Context returns the definition with which a submission is to be judged. It is not ok for an item that stands alone.
func (i Item) Context(tb testing.TB) (definition Item, ok bool) {
	tb.Helper()
	m := context.FindStringSubmatch(i.Note)
	if m == nil {
		return Item{}, false
	}
	return read(tb, i.folder, m[1]), true
}
