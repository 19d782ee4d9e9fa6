package batchjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// maxKept is the largest buffer that is kept for the next call, in bytes. The
// description of a hundred jobs fits.
const maxKept = 1 << 20

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Marshal returns the JSON of v, a struct of the SDK's AWS Batch client or a
// pointer to one: an input, an output, or one of package types. For an input
// it is the body that the SDK sends, were every member to travel in the body.
// (Three operations on tags put resourceArn and tagKeys into the URL.)
//
// A member is left out if it is a nil pointer, slice or map, or the zero value
// of a type that cannot be nil, such as the empty string of an enum. It is
// kept if it is an empty slice or map, or a pointer to a zero value. Nothing
// becomes null. A map entry with a nil list is left out.
//
// Members come in the order of the Go fields, map keys sorted, so equal values
// give equal bytes. Only what JSON demands is escaped; bytes that are not
// UTF-8 become U+FFFD; non-finite floats become the strings "NaN", "Infinity"
// and "-Infinity". All that is as the SDK has it. The ResultMetadata of
// outputs is no part of the API and is skipped.
//
// It returns an error that wraps [ErrType] if v is nil or of another type.
func Marshal(v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return nil, fmt.Errorf("%w: nil %T", ErrType, v)
	}
	p, err := planOf(rv.Type())
	if err != nil {
		return nil, err
	}
	buffer := buffers.Get().(*[]byte)
	*buffer = p.append((*buffer)[:0], rv)
	out := bytes.Clone(*buffer)
	if cap(*buffer) <= maxKept {
		buffers.Put(buffer)
	}
	return out, nil
}

// MarshalIndent is [Marshal] with one member or element a line, each level
// indented by one more indent, which may hold spaces and tabs. There is no
// line feed at the end.
func MarshalIndent(v any, indent string) ([]byte, error) {
	if strings.Trim(indent, " \t") != "" {
		return nil, fmt.Errorf("batchjson: indent %q is not made of spaces and tabs", indent)
	}
	compact, err := Marshal(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", indent); err != nil {
		return nil, fmt.Errorf("batchjson: indenting: %w", err)
	}
	return b.Bytes(), nil
}

// append appends the JSON of v, which is of the type of p.
func (p *plan) append(b []byte, v reflect.Value) []byte {
	switch p.shape {
	case shapeString:
		return appendString(b, v.String())
	case shapeBool:
		return strconv.AppendBool(b, v.Bool())
	case shapeInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case shapeFloat:
		return appendFloat(b, v.Float(), p.typ.Bits())
	case shapeStruct:
		return p.appendObject(b, v)
	case shapeList:
		return p.appendList(b, v)
	default:
		return p.appendMap(b, v)
	}
}

func (p *plan) appendObject(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	for i := range p.members {
		m := &p.members[i]
		field := v.Field(m.index)
		if m.absent(field) {
			continue
		}
		if m.pointer {
			field = field.Elem()
		}
		b = append(b, m.key...)
		b = m.plan.append(b, field)
		b = append(b, ',')
	}
	return closeWith(b, '}')
}

func (m *member) absent(field reflect.Value) bool {
	if m.pointer || m.plan.shape == shapeList || m.plan.shape == shapeMap {
		return field.IsNil()
	}
	// A struct held by value is always there.
	return m.plan.shape != shapeStruct && field.IsZero()
}

func (p *plan) appendList(b []byte, v reflect.Value) []byte {
	b = append(b, '[')
	for i := range v.Len() {
		b = p.elem.append(b, v.Index(i))
		b = append(b, ',')
	}
	return closeWith(b, ']')
}

func (p *plan) appendMap(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	if m, ok := stringMap(p, v); ok {
		keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
		slices.Sort(keys)
		for _, key := range keys {
			b = append(appendString(b, key), ':')
			b = append(appendString(b, m[key]), ',')
		}
		return closeWith(b, '}')
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		value := v.MapIndex(key)
		if p.elem.shape == shapeList && value.IsNil() {
			continue
		}
		b = append(appendString(b, key.String()), ':')
		b = append(p.elem.append(b, value), ',')
	}
	return closeWith(b, '}')
}

var stringMapType = reflect.TypeFor[map[string]string]()

// stringMap returns v as the one type of map that job definitions and jobs are
// full of, which saves most of the cost of reflection.
func stringMap(p *plan, v reflect.Value) (map[string]string, bool) {
	if p.typ != stringMapType {
		return nil, false
	}
	m, ok := v.Interface().(map[string]string) // a map needs no boxing
	return m, ok
}

// closeWith ends an object or list, in place of the last comma if there is one.
func closeWith(b []byte, end byte) []byte {
	if last := len(b) - 1; b[last] == ',' {
		b[last] = end
		return b
	}
	return append(b, end)
}
