package source

import (
	"bytes"
	"encoding/json"
	"errors"
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

// ErrNothing is wrapped by the error for a file that can be read, but holds nothing of AWS Batch.
var ErrNothing = errors.New("nothing of AWS Batch in it")

// Read returns the documents in the text of a file. The name is used in
// messages, and its extension tells JSON from YAML; without one, text that
// begins with a bracket is JSON. An empty kind is found by looking.
//
// All errors are of type [*Error]. One that wraps [ErrNothing] says that the
// text, or one of the documents in it, has nothing to judge. Documents that
// come with an error are sound.
func Read(name string, data []byte, kind Kind) ([]*Document, error) {
	b := &builder{name: name}
	roots, err := b.roots(data)
	if err != nil {
		return nil, err
	}
	if len(roots) == 0 {
		return nil, &Error{Path: name, Message: "is empty", Err: ErrNothing}
	}
	var docs []*Document
	var first error
	for _, root := range roots {
		more, err := b.documents(root, kind)
		docs = append(docs, more...)
		if first == nil || errors.Is(first, ErrNothing) && err != nil {
			first = err
		}
	}
	return docs, first
}

// roots reads a text into a tree for each of its documents.
func (b *builder) roots(data []byte) ([]*node, error) {
	if len(data) > MaxSize {
		return nil, b.tooLarge(MaxSize)
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, b.fail(place{}, "is UTF-16; save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, b.fail(placeIn(data, i), "holds a NUL byte, so it is no text")
	}
	if i := invalidUTF8(data); i >= 0 {
		return nil, b.fail(placeIn(data, i), "holds bytes that are not UTF-8, so it is no text that can be read")
	}
	if b.isJSON(data) {
		root, err := b.readJSON(data)
		return []*node{root}, err
	}
	if len(data) > MaxYAML {
		return nil, b.tooLarge(MaxYAML)
	}
	return b.readYAML(data)
}

func (b *builder) tooLarge(limit int) error {
	what := "a file"
	if limit == MaxYAML {
		what = "YAML"
	}
	return b.fail(place{}, "is too large: "+what+" may have at most "+strconv.Itoa(limit>>20)+" MiB")
}

// isJSON tells the format. A file of YAML that is JSON as well is read as JSON, which is quicker and has the higher limit.
func (b *builder) isJSON(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	bracket := len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
	switch strings.ToLower(filepath.Ext(b.name)) {
	case ".json":
		return true
	case ".yaml", ".yml":
		return bracket && json.Valid(data)
	}
	return bracket
}

// documents finds what is to be judged in one document of a file.
func (b *builder) documents(root *node, kind Kind) ([]*Document, error) {
	looked := kind == ""
	if looked {
		kind = kindOf(root)
	}
	switch {
	case kind == "":
		return nil, &Error{Path: b.name, Line: root.line, Column: root.column, Message: hint(root), Err: ErrNothing}
	case kind == Workflow:
		e := &Error{Path: b.name, Line: root.line, Column: root.column, Message: "workflow files are not supported yet in this version"}
		if looked { // many a file has jobs
			e.Err = ErrNothing
		}
		return nil, e
	case root.kind != objectNode:
		return nil, b.fail(root.place, "must be an object, found "+root.kind.noun())
	}
	switch kind {
	case CloudFormation:
		return b.template(root)
	case Terraform:
		return b.show(root)
	case JobDefinition, SubmitJob:
		d := &Document{Path: b.name, Kind: kind}
		if err := d.decode(root, api); err != nil {
			return nil, err
		}
		return []*Document{d}, nil
	}
	return nil, b.fail(place{}, "no kind is called "+strconv.Quote(string(kind)))
}

// placeIn returns the place of an offset.
func placeIn(data []byte, offset int) place {
	before := data[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return place{bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[line:]) + 1}
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
