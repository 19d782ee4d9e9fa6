package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

// readJSON reads a text that holds one JSON value.
func (b *builder) readJSON(data []byte) (*node, error) {
	if !json.Valid(data) {
		return nil, b.jsonError(data)
	}
	r := jsonReader{builder: b, data: data, dec: json.NewDecoder(bytes.NewReader(data)), at: place{1, 1}}
	r.dec.UseNumber()
	return r.value(1)
}

// jsonError says what is wrong with a text that is no JSON. batchjson knows
// line and column, and how to speak of a text without repeating it.
func (b *builder) jsonError(data []byte) error {
	err := batchjson.Unmarshal(data, &batch.RegisterJobDefinitionInput{}, batchjson.IgnoreUnknown())
	var all *batchjson.Error
	if errors.As(err, &all) {
		for _, p := range all.Problems {
			switch p.Kind {
			case batchjson.Syntax, batchjson.TooDeep, batchjson.TrailingData:
				return b.fail(place{p.Line, p.Column}, "not JSON: "+p.Message)
			}
		}
	}
	return b.fail(place{}, "not JSON")
}

// A jsonReader turns the tokens of valid JSON into nodes.
type jsonReader struct {
	*builder
	data   []byte
	dec    *json.Decoder
	offset int   // of at
	at     place // the last place asked for
}

// next returns the next token with its place and its text. At the end of an object or a list, token is its delimiter.
func (r *jsonReader) next() (token json.Token, at place, literal string, err error) {
	start := int(r.dec.InputOffset())
	token, err = r.dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, r.at, "", &Error{Path: r.name, Line: r.at.line, Column: r.at.column, Message: "not JSON", Err: err}
	}
	end := int(r.dec.InputOffset())
	for bytes.IndexByte([]byte(" \t\r\n,:"), r.data[start]) >= 0 {
		start++
	}
	return token, r.placeOf(start), string(r.data[start:end]), nil
}

// placeOf moves on to an offset, which is never before the last one.
func (r *jsonReader) placeOf(offset int) place {
	for r.offset < offset {
		_, size := utf8.DecodeRune(r.data[r.offset:])
		if r.data[r.offset] == '\n' {
			r.at = place{r.at.line + 1, 1}
		} else {
			r.at.column++
		}
		r.offset += size
	}
	return r.at
}

func (r *jsonReader) value(depth int) (*node, error) {
	token, at, literal, err := r.next()
	if err != nil {
		return nil, err
	}
	return r.from(token, at, literal, depth)
}

// from makes the node that a token begins.
func (r *jsonReader) from(token json.Token, at place, literal string, depth int) (*node, error) {
	if err := r.add(1, depth, at); err != nil {
		return nil, err
	}
	n := &node{place: at, literal: literal}
	switch token := token.(type) {
	case bool:
		n.kind = boolNode
	case json.Number:
		n.kind = numberNode
	case string:
		n.kind = stringNode
	case json.Delim:
		n.literal = ""
		if token == '{' {
			return r.object(n, depth)
		}
		return r.list(n, depth)
	}
	return n, nil
}

func (r *jsonReader) object(n *node, depth int) (*node, error) {
	n.kind = objectNode
	seen := names{builder: r.builder}
	for {
		token, at, _, err := r.next()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return n, nil
		}
		if err := seen.add(name, at); err != nil {
			return nil, err
		}
		value, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member{place: at, name: name, value: value})
	}
}

func (r *jsonReader) list(n *node, depth int) (*node, error) {
	n.kind = listNode
	for {
		token, at, literal, err := r.next()
		if err != nil {
			return nil, err
		}
		if token == json.Delim(']') {
			return n, nil
		}
		item, err := r.from(token, at, literal, depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
}

// names are the names of one object, none twice.
type names struct {
	*builder
	seen map[string]place
}

func (s *names) add(name string, at place) error {
	if first, twice := s.seen[name]; twice {
		return s.fail(at, "the member "+excerpt(name)+" occurs twice in its object, first at line "+
			strconv.Itoa(first.line)+", column "+strconv.Itoa(first.column)+"; keep one")
	}
	if s.seen == nil {
		s.seen = make(map[string]place)
	}
	s.seen[name] = at
	return nil
}

// excerpt quotes a name, and cuts one that is too long to read.
func excerpt(name string) string {
	const most = 64
	if runes := []rune(name); len(runes) > most {
		return strconv.Quote(string(runes[:most])) + "…"
	}
	return strconv.Quote(name)
}
