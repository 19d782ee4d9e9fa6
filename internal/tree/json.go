package tree

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

// JSON reads a text that holds one JSON value.
func (b *Reader) JSON(data []byte) (*Node, error) {
	if !json.Valid(data) {
		return nil, b.jsonError(data)
	}
	r := jsonReader{Reader: b, data: data, dec: json.NewDecoder(bytes.NewReader(data)), at: Place{1, 1}}
	r.dec.UseNumber()
	return r.value(1)
}

// jsonError says what is wrong with a text that is no JSON. batchjson knows
// line and column, and how to speak of a text without repeating it.
func (b *Reader) jsonError(data []byte) error {
	err := batchjson.Unmarshal(data, &batch.RegisterJobDefinitionInput{}, batchjson.IgnoreUnknown())
	var all *batchjson.Error
	if errors.As(err, &all) {
		for _, p := range all.Problems {
			switch p.Kind {
			case batchjson.Syntax, batchjson.TooDeep, batchjson.TrailingData:
				return b.Fail(Place{p.Line, p.Column}, "not JSON: "+p.Message)
			}
		}
	}
	return b.Fail(Place{}, "not JSON")
}

// A jsonReader turns the tokens of valid JSON into nodes.
type jsonReader struct {
	*Reader
	data   []byte
	dec    *json.Decoder
	offset int   // of at
	at     Place // the last place asked for
}

// next returns the next token with its place and its text. At the end of an object or a list, token is its delimiter.
func (r *jsonReader) next() (token json.Token, at Place, literal string, err error) {
	start := int(r.dec.InputOffset())
	token, err = r.dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, r.at, "", &Error{Path: r.Path, Line: r.at.Line, Column: r.at.Column, Message: "not JSON", Err: err}
	}
	end := int(r.dec.InputOffset())
	for bytes.IndexByte([]byte(" \t\r\n,:"), r.data[start]) >= 0 {
		start++
	}
	return token, r.placeOf(start), string(r.data[start:end]), nil
}

// placeOf moves on to an offset, which is never before the last one.
func (r *jsonReader) placeOf(offset int) Place {
	for r.offset < offset {
		_, size := utf8.DecodeRune(r.data[r.offset:])
		if r.data[r.offset] == '\n' {
			r.at = Place{r.at.Line + 1, 1}
		} else {
			r.at.Column++
		}
		r.offset += size
	}
	return r.at
}

func (r *jsonReader) value(depth int) (*Node, error) {
	token, at, literal, err := r.next()
	if err != nil {
		return nil, err
	}
	return r.from(token, at, literal, depth)
}

// from makes the node that a token begins.
func (r *jsonReader) from(token json.Token, at Place, literal string, depth int) (*Node, error) {
	if err := r.add(1, depth, at); err != nil {
		return nil, err
	}
	n := &Node{Place: at, Literal: literal}
	switch token := token.(type) {
	case bool:
		n.Kind = Bool
	case json.Number:
		n.Kind = Number
	case string:
		n.Kind = String
	case json.Delim:
		n.Literal = ""
		if token == '{' {
			return r.object(n, depth)
		}
		return r.list(n, depth)
	}
	return n, nil
}

func (r *jsonReader) object(n *Node, depth int) (*Node, error) {
	n.Kind = Object
	seen := names{Reader: r.Reader}
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
		n.Members = append(n.Members, Member{Place: at, Name: name, Value: value})
	}
}

func (r *jsonReader) list(n *Node, depth int) (*Node, error) {
	n.Kind = List
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
		n.Items = append(n.Items, item)
	}
}

// names are the names of one object, none twice.
type names struct {
	*Reader
	seen map[string]Place
}

func (s *names) add(name string, at Place) error {
	if first, twice := s.seen[name]; twice {
		return s.Fail(at, "the member "+excerpt(name)+" occurs twice in its object, first at line "+
			strconv.Itoa(first.Line)+", column "+strconv.Itoa(first.Column)+"; keep one")
	}
	if s.seen == nil {
		s.seen = make(map[string]Place)
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
