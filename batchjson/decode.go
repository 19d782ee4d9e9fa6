package batchjson

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/batchkit/batchkit-go/internal/nearest"
)

// Unmarshal reads one JSON object into v, a pointer to a struct of the SDK's
// AWS Batch client: an input, an output, or one of package types. What v held
// before is dropped.
//
// Reading is strict and goes on after a mistake: the error, if any, is an
// [*Error] with every [Problem] of the document, and all that is right is
// stored in v all the same. Only bad syntax and too deep nesting end the
// reading; what came before is then stored.
//
//   - Member names are matched with their case. An unknown one is a problem,
//     unless [IgnoreUnknown] is given.
//   - A member that is null counts as absent. Null in a list or as the value
//     of a map entry is a problem, and so is null for the whole document.
//   - Nothing is converted: "1" is no number and 1 is no string. Numbers may
//     be spelt in any way that gives the same value, so 1e3 and 10.0 are whole
//     numbers. Floats may be given as "NaN", "Infinity" and "-Infinity".
//   - Of a member or map key that occurs twice the first one counts.
//   - A bad element of a list or map is stored as its zero value, so that
//     indexes agree with those in paths. Any other bad value is not stored.
//   - Strings keep every character, also NUL, which JSON spells \u0000. Bytes
//     that are not UTF-8 are a problem, raw control characters bad syntax.
//
// The error wraps [ErrType] instead if v is nil or of another type. The result
// does not refer to data.
func Unmarshal(data []byte, v any, opts ...Option) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("%w: want a pointer to one, got %T", ErrType, v)
	}
	target = target.Elem()
	p, err := planOf(target.Type())
	if err != nil {
		return err
	}
	d := decoder{scanner: scanner{data: data}}
	for _, o := range opts {
		o(&d.options)
	}
	target.SetZero()
	d.document(p, target)
	if len(d.problems) == 0 {
		return nil
	}
	locate(data, d.problems)
	return &Error{Problems: d.problems}
}

type decoder struct {
	scanner
	options  options
	path     []step
	problems []Problem
}

// An outcome says what became of a value.
type outcome uint8

const (
	stored  outcome = iota // the value is in place, perhaps with problems inside
	refused                // the value has a problem; it was read and dropped
	stopped                // reading cannot go on
)

// report notes a problem at the present path.
func (d *decoder) report(kind Kind, offset int, message string) *Problem {
	d.problems = append(d.problems, Problem{
		Kind:    kind,
		Path:    pathText(d.path),
		Offset:  int64(offset),
		Message: message,
	})
	return &d.problems[len(d.problems)-1]
}

func (d *decoder) enterMember(name string) { d.path = append(d.path, step{name: name}) }
func (d *decoder) leave()                  { d.path = d.path[:len(d.path)-1] }

// document reads the whole of the data. On stopping, nothing is taken off the
// path, so it still leads to the place.
func (d *decoder) document(p *plan, v reflect.Value) {
	if d.value(p, v) == stopped {
		d.report(d.kind, d.pos, d.message)
		return
	}
	if d.peek(); d.pos < len(d.data) {
		d.report(TrailingData, d.pos, "expected the end of the document, found "+d.found())
	}
}

// value reads the next value into v, which is of the type of p.
func (d *decoder) value(p *plan, v reflect.Value) outcome {
	c := d.peek()
	switch p.shape {
	case shapeString:
		if c == '"' {
			return d.string(v)
		}
	case shapeBool:
		if c == 't' || c == 'f' {
			return d.bool(v, c == 't')
		}
	case shapeInt:
		if c == '-' || isDigit(c) {
			return d.int(p, v)
		}
	case shapeFloat:
		if c == '-' || isDigit(c) {
			return d.float(p, v)
		}
		if c == '"' {
			return d.specialFloat(p, v)
		}
	case shapeStruct:
		if c == '{' {
			return d.object(p, v)
		}
	case shapeList:
		if c == '[' {
			return d.list(p, v)
		}
	case shapeMap:
		if c == '{' {
			return d.entries(p, v)
		}
	}
	return d.mismatch(p, c)
}

// mismatch reads a value, which begins with c, that p cannot take.
func (d *decoder) mismatch(p *plan, c byte) outcome {
	start := d.pos
	if !d.skip() {
		return stopped
	}
	d.report(WrongType, start, "must be "+p.noun+", found "+kindOf(c))
	return refused
}

// object reads the members of a struct.
func (d *decoder) object(p *plan, v reflect.Value) outcome {
	if !d.enter() {
		return stopped
	}
	var seen [maxMembers / 64]uint64
	next := 0 // the position that most likely comes next
	for first := true; ; first = false {
		more, ok := d.more('}', first)
		if !ok {
			return stopped
		}
		if !more {
			return stored
		}
		start := d.pos
		name, _, ok := d.name()
		if !ok {
			return stopped
		}
		i := p.find(name, next)
		if i < 0 {
			if !d.unknown(p, string(name), start) {
				return stopped
			}
			continue
		}
		next = i + 1
		m := &p.members[i]
		d.enterMember(m.name)
		if word, bit := i/64, uint64(1)<<(i%64); seen[word]&bit == 0 {
			seen[word] |= bit
			if d.member(m, v) == stopped {
				return stopped
			}
		} else {
			d.report(DuplicateMember, start, "this member occurs twice in its object")
			if !d.skip() {
				return stopped
			}
		}
		d.leave()
	}
}

// find returns the position of the member called name, or -1. It looks at the
// position next first, for members often come in the order of the fields.
func (p *plan) find(name []byte, next int) int {
	if next < len(p.members) && p.members[next].name == string(name) {
		return next
	}
	if i, ok := p.byName[string(name)]; ok {
		return i
	}
	return -1
}

// unknown reads the value of a member that p does not have.
func (d *decoder) unknown(p *plan, name string, start int) bool {
	name = strings.ToValidUTF8(name, "\ufffd")
	d.enterMember(name)
	if !d.options.ignoreUnknown {
		message := "the API has no member of this name here"
		near := nearest.Of(name, p.names())
		if near != "" {
			message += "; did you mean " + near + "?"
		}
		d.report(UnknownMember, start, message).Nearest = near
	}
	if !d.skip() {
		return false
	}
	d.leave()
	return true
}

// member reads the value of a member of the struct v.
func (d *decoder) member(m *member, v reflect.Value) outcome {
	if d.peek() == 'n' {
		if !d.literal("null") {
			return stopped
		}
		return refused
	}
	field := v.Field(m.index)
	if !m.pointer {
		return d.value(m.plan, field)
	}
	target := reflect.New(m.plan.typ)
	out := d.value(m.plan, target.Elem())
	if out == stored || out == stopped && m.plan.shape == shapeStruct {
		field.Set(target)
	}
	return out
}

// list reads the elements of a slice.
func (d *decoder) list(p *plan, v reflect.Value) outcome {
	if !d.enter() {
		return stopped
	}
	v.Set(reflect.MakeSlice(p.typ, 0, 0)) // empty, but not nil
	at := len(d.path)
	d.path = append(d.path, step{inList: true})
	for n := 0; ; n++ {
		more, ok := d.more(']', n == 0)
		if !ok {
			return stopped
		}
		if !more {
			d.leave()
			return stored
		}
		d.path[at].index = n
		v.Grow(1)
		v.SetLen(n + 1)
		if d.value(p.elem, v.Index(n)) == stopped {
			return stopped
		}
	}
}

// entries reads the entries of a map.
func (d *decoder) entries(p *plan, v reflect.Value) outcome {
	if !d.enter() {
		return stopped
	}
	v.Set(reflect.MakeMap(p.typ))
	for first := true; ; first = false {
		more, ok := d.more('}', first)
		if !ok {
			return stopped
		}
		if !more {
			return stored
		}
		start := d.pos
		name, valid, ok := d.name()
		if !ok {
			return stopped
		}
		key := strings.ToValidUTF8(string(name), "\ufffd")
		d.enterMember(key)
		if !valid {
			d.report(InvalidUnicode, start, "the key is not valid Unicode")
			ok = d.skip()
		} else {
			ok = d.entry(p, v, key, start)
		}
		if !ok {
			return stopped
		}
		d.leave()
	}
}

// entry reads the value of one map entry, whose key begins at start.
func (d *decoder) entry(p *plan, v reflect.Value, key string, start int) bool {
	plain, isPlain := stringMap(p, v)
	if isPlain && d.peek() == '"' {
		if _, ok := plain[key]; !ok {
			text, out := d.text()
			plain[key] = text
			return out != stopped
		}
	}
	k := reflect.ValueOf(key).Convert(p.typ.Key())
	if v.MapIndex(k).IsValid() {
		d.report(DuplicateMember, start, "this key occurs twice in its object")
		return d.skip()
	}
	value := reflect.New(p.elem.typ).Elem()
	out := d.value(p.elem, value)
	v.SetMapIndex(k, value)
	return out != stopped
}
