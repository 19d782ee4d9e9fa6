package readme

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of the README with the comment before it: <!-- from PATH -->. What it holds stands in that
// file, which is compiled, or written by a test, with the rest of the module.
var block = regexp.MustCompile("(?s)(?:<!-- from ([^ ]+) -->\n)?```([a-z]+)\n(.*?)\n```")

func TestBlocksAreReal(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		from, language, content := m[1], m[2], m[3]
		if language == "sh" {
			continue // the two commands; CI runs them
		}
		if from == "" {
			t.Errorf("a block of %s does not say where it is from:\n%s", language, content)
			continue
		}
		file, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(from)))
		if err != nil {
			t.Error(err)
			continue
		}
		checked++
		if !strings.Contains(plain(string(file)), plain(content)) {
			t.Errorf("%s does not hold this block of the README:\n%s", from, content)
		}
	}
	if checked == 0 {
		t.Error("the README has no block to check")
	}
}

// plain is a text without the indentation of its lines, so that code may stand in a function, output in a comment.
func plain(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "// ")) // an example's output is a comment
	}
	return strings.Join(lines, "\n")
}
