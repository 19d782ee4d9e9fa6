package ordered

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// An Object is a list of members in the order in which they are written.
type Object []Member

// A Member is a value with its name.
type Member struct {
	Name  string
	Value any
}

// With returns the object with one member more, or the object as it is if the value is nil or an empty string.
func (o Object) With(name string, value any) Object {
	if value == nil || value == "" {
		return o
	}
	return append(slices.Clip(o), Member{name, value})
}

// Index returns the position of a member, or -1.
func (o Object) Index(name string) int {
	return slices.IndexFunc(o, func(m Member) bool { return m.Name == name })
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := Compact(m.Value)
		if err != nil {
			return nil, err
		}
		b.Write(quoted(m.Name))
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Compact writes a value as JSON in one line, without the escapes that only HTML needs.
func Compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func quoted(s string) []byte {
	b, err := Compact(s)
	if err != nil { // no string does that
		return []byte(`""`)
	}
	return b
}

// JSON writes a value as JSON, one member or element a line, with a line feed at the end.
func JSON(v any) ([]byte, error) {
	line, err := Compact(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, line, "", "  "); err != nil {
		return nil, fmt.Errorf("indenting JSON: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// Parse reads JSON, its members in the order of the text, for instance of a policy document that another package wrote.
func Parse(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := parse(dec)
	if err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	return v, nil
}

func parse(dec *json.Decoder) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Number:
		return json.RawMessage(t), nil
	case json.Delim:
		if t == '[' {
			list := []any{}
			for dec.More() {
				item, err := parse(dec)
				if err != nil {
					return nil, err
				}
				list = append(list, item)
			}
			_, err := dec.Token()
			return list, err
		}
		object := Object{}
		for dec.More() {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			value, err := parse(dec)
			if err != nil {
				return nil, err
			}
			object = append(object, Member{fmt.Sprint(name), value})
		}
		_, err := dec.Token()
		return object, err
	}
	return token, nil
}

// Strings rewrites every string of a value, also those in lists and objects, but no names.
func Strings(v any, rewrite func(string) any) any {
	switch v := v.(type) {
	case string:
		return rewrite(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = Strings(item, rewrite)
		}
		return out
	case Object:
		out := make(Object, len(v))
		for i, m := range v {
			out[i] = Member{m.Name, Strings(m.Value, rewrite)}
		}
		return out
	}
	return v
}
