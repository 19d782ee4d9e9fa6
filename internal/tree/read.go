package tree

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxSize is the longest file that is read, in bytes; MaxYAML is the limit for
// YAML, which takes far more memory and time to read than JSON. The service
// takes definitions of 24 KiB, and CloudFormation templates of 1 MB.
const (
	MaxSize = 16 << 20
	MaxYAML = 1 << 20
)

// Read reads a text into a tree for each of its documents: one for JSON, any number for YAML. The extension of the path
// tells JSON from YAML; without one, text that begins with a bracket is JSON. Errors are of type [*Error].
func (b *Reader) Read(data []byte) ([]*Node, error) {
	if len(data) > MaxSize {
		return nil, b.TooLarge(MaxSize)
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, b.Fail(Place{}, "is UTF-16; save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, b.Fail(placeIn(data, i), "holds a NUL byte, so it is no text")
	}
	if i := invalidUTF8(data); i >= 0 {
		return nil, b.Fail(placeIn(data, i), "holds bytes that are not UTF-8, so it is no text that can be read")
	}
	if b.isJSON(data) {
		root, err := b.JSON(data)
		return []*Node{root}, err
	}
	if len(data) > MaxYAML {
		return nil, b.TooLarge(MaxYAML)
	}
	return b.readYAML(data)
}

// TooLarge is the error for a text that is longer than [MaxSize] or [MaxYAML].
func (b *Reader) TooLarge(limit int) error {
	what := "a file"
	if limit == MaxYAML {
		what = "YAML"
	}
	return b.Fail(Place{}, "is too large: "+what+" may have at most "+strconv.Itoa(limit>>20)+" MiB")
}

// isJSON tells the format. A file of YAML that is JSON as well is read as JSON, which is quicker and has the higher limit.
func (b *Reader) isJSON(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	bracket := len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
	switch strings.ToLower(filepath.Ext(b.Path)) {
	case ".json":
		return true
	case ".yaml", ".yml":
		return bracket && json.Valid(data)
	}
	return bracket
}

// placeIn returns the place of an offset.
func placeIn(data []byte, offset int) Place {
	before := data[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return Place{bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[line:]) + 1}
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
