package batchjson

import (
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// Size returns the length in bytes of what [Marshal] would return, without
// writing it. The service has limits on the size of requests.
//
// It returns an error that wraps [ErrType] if v is nil or of another type.
func Size(v any) (int, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return 0, fmt.Errorf("%w: nil %T", ErrType, v)
	}
	p, err := planOf(rv.Type())
	if err != nil {
		return 0, err
	}
	return p.size(rv), nil
}

// size is the length of what append would append.
func (p *plan) size(v reflect.Value) int {
	switch p.shape {
	case shapeString:
		return stringSize(v.String())
	case shapeBool:
		if v.Bool() {
			return len("true")
		}
		return len("false")
	case shapeInt:
		return intSize(v.Int())
	case shapeFloat:
		var room [32]byte
		return len(appendFloat(room[:0], v.Float(), p.typ.Bits()))
	case shapeStruct:
		return p.objectSize(v)
	case shapeList:
		n := v.Len()
		size := brackets(n)
		for i := range n {
			size += p.elem.size(v.Index(i))
		}
		return size
	default:
		return p.mapSize(v)
	}
}

func (p *plan) objectSize(v reflect.Value) int {
	size, n := 0, 0
	for i := range p.members {
		m := &p.members[i]
		field := v.Field(m.index)
		if m.absent(field) {
			continue
		}
		if m.pointer {
			field = field.Elem()
		}
		size += len(m.key) + m.plan.size(field)
		n++
	}
	return size + brackets(n)
}

func (p *plan) mapSize(v reflect.Value) int {
	size, n := 0, 0
	if m, ok := stringMap(p, v); ok {
		for key, value := range m {
			size += stringSize(key) + len(":") + stringSize(value)
		}
		return size + brackets(len(m))
	}
	for entries := v.MapRange(); entries.Next(); {
		value := entries.Value()
		if p.elem.shape == shapeList && value.IsNil() {
			continue
		}
		size += stringSize(entries.Key().String()) + len(":") + p.elem.size(value)
		n++
	}
	return size + brackets(n)
}

// brackets is the length of the brackets around n elements and of the commas between them.
func brackets(n int) int { return len("[]") + max(n-1, 0) }

func intSize(n int64) int {
	var room [20]byte
	return len(strconv.AppendInt(room[:0], n, 10))
}

// escapes holds by how much the JSON of an ASCII character is longer than the character.
var escapes = func() (extra [utf8.RuneSelf]uint8) {
	for c := range extra {
		extra[c] = uint8(len(appendString(nil, string(rune(c)))) - len(`"x"`))
	}
	return extra
}()

func stringSize(text string) int {
	size := len(text) + len(`""`)
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < utf8.RuneSelf {
			size += int(escapes[c])
			continue
		}
		r, width := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && width == 1 {
			size += len(string(utf8.RuneError)) - 1
		}
		i += width - 1
	}
	return size
}
