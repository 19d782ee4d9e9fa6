package tree

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// readYAML reads the documents of a YAML text. Short forms of intrinsic
// functions are understood in a template only; any other tag is an error.
func (b *Reader) readYAML(data []byte) (roots []*Node, err error) {
	if err := b.weigh(data); err != nil {
		return nil, err
	}
	// The parser is not ours. Should a text be too much for it, that text is at fault and not the program.
	defer func() {
		if r := recover(); r != nil {
			roots, err = nil, &Error{Path: b.Path, Message: "not YAML that can be read", Err: fmt.Errorf("parser: %v", r)}
		}
	}()
	file, err := parser.ParseBytes(hideColons(data), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, b.yamlError(err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		r := yamlReader{Reader: b, anchors: map[string]anchor{}}
		root, err := r.value(doc.Body, 1)
		if err != nil {
			return nil, err
		}
		if root.Kind == Null && len(file.Docs) > 1 {
			continue
		}
		roots = append(roots, root)
	}
	return roots, nil
}

// quotation is a part of the text in a message of the parser.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// yamlError keeps place and message of the parser, but no part of the text, which may hold a secret.
func (b *Reader) yamlError(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) {
		return b.Fail(Place{}, "not YAML")
	}
	at := Place{}
	if t := e.GetToken(); t != nil && t.Position != nil {
		at = placeOf(t)
	}
	return b.Fail(at, "not YAML: "+quotation.ReplaceAllString(e.GetMessage(), `"…"`))
}

func placeOf(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{1, 1}
	}
	return Place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// A yamlReader turns the syntax tree of one document into nodes.
type yamlReader struct {
	*Reader
	anchors map[string]anchor
}

func (r *yamlReader) value(n ast.Node, depth int) (*Node, error) {
	if n == nil {
		return &Node{Kind: Null, Literal: "null", Place: Place{1, 1}}, nil
	}
	at := placeOf(n.GetToken())
	switch n := n.(type) {
	case *ast.AnchorNode:
		return r.anchor(n, depth)
	case *ast.AliasNode:
		return r.alias(n, depth)
	case *ast.TagNode:
		return r.tagged(n, depth)
	}
	if err := r.add(1, depth, at); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.object(n.Values, at, depth)
	case *ast.MappingValueNode:
		return r.object([]*ast.MappingValueNode{n}, at, depth)
	case *ast.SequenceNode:
		out := &Node{Place: at, Kind: List}
		for _, v := range n.Values {
			item, err := r.value(v, depth+1)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, item)
		}
		return out, nil
	default:
		return r.scalar(n, at)
	}
}

func (r *yamlReader) scalar(n ast.Node, at Place) (*Node, error) {
	out := &Node{Place: at, Plain: true}
	switch n := n.(type) {
	case *ast.NullNode:
		out.Kind, out.Literal = Null, "null"
	case *ast.BoolNode:
		out.Kind, out.Literal = Bool, strconv.FormatBool(n.Value)
	case *ast.IntegerNode:
		out.Kind, out.Literal, out.Written = Number, fmt.Sprint(n.Value), n.Token.Value
	case *ast.FloatNode:
		if math.IsInf(n.Value, 0) || math.IsNaN(n.Value) {
			return nil, r.Fail(at, "the number is too large")
		}
		out.Kind, out.Literal, out.Written = Number, strconv.FormatFloat(n.Value, 'g', -1, 64), n.Token.Value
		if text := n.Token.Value; json.Valid([]byte(text)) {
			out.Literal = text // 1.0 keeps its zero
		}
	case *ast.StringNode:
		out.Kind, out.Literal = String, Quoted(showColons(n.Value))
		out.Plain = n.Token.Type != token.SingleQuoteType && n.Token.Type != token.DoubleQuoteType
	case *ast.LiteralNode:
		out.Kind, out.Literal, out.Plain = String, Quoted(showColons(n.Value.Value)), false
	case *ast.InfinityNode, *ast.NanNode:
		return nil, r.Fail(at, "the number is not finite; quote it if it is a text")
	default:
		return nil, r.Fail(at, "this form of YAML has no place here")
	}
	return out, nil
}

func (r *yamlReader) object(values []*ast.MappingValueNode, at Place, depth int) (*Node, error) {
	out := &Node{Place: at, Kind: Object}
	if len(values) > 0 {
		out.Place = placeOf(values[0].Key.GetToken())
	}
	seen := names{Reader: r.Reader}
	var merged []*Node
	for _, v := range values {
		value, err := r.value(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		at := placeOf(v.Key.GetToken())
		if v.Key.IsMergeKey() {
			merged = append(merged, value)
			continue
		}
		name, err := r.key(v.Key, at)
		if err != nil {
			return nil, err
		}
		if err := seen.add(name, at); err != nil {
			return nil, err
		}
		out.Members = append(out.Members, Member{Place: at, Name: name, Value: value})
	}
	for _, m := range merged {
		if err := r.merge(out, m, &seen); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// key returns the name that a key stands for. Keys are names in JSON, so 1 is "1".
func (r *yamlReader) key(n ast.Node, at Place) (string, error) {
	switch n := n.(type) {
	case *ast.StringNode:
		return showColons(n.Value), nil
	case *ast.MappingKeyNode:
		return r.key(n.Value, at)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value, nil
	case *ast.LiteralNode:
		return showColons(n.Value.Value), nil
	}
	return "", r.Fail(at, "a key must be a plain or a quoted text")
}
