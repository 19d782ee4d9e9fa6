package batchjson

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/smithy-go/middleware"
)

// ErrType is wrapped by the errors for a Go value that is no struct of the
// AWS Batch API, or no pointer to one where a pointer is needed.
var ErrType = errors.New("batchjson: not a struct of the AWS Batch API")

// maxMembers bounds the members of one struct, so that those seen in an
// object fit a bit set of fixed size.
const maxMembers = 128

// A shape is the JSON form of a Go type.
type shape uint8

const (
	shapeString shape = iota
	shapeBool
	shapeInt
	shapeFloat
	shapeStruct
	shapeList
	shapeMap
)

// A plan is what encoder and decoder need to know of one Go type. Plans are
// made once for each type and never change.
type plan struct {
	shape   shape
	typ     reflect.Type
	noun    string         // the JSON value wanted, for messages
	elem    *plan          // of a list or a map
	members []member       // of a struct, in the order of its fields
	byName  map[string]int // of a struct, from wire name to position in members
}

// names yields the wire names of the members.
func (p *plan) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range p.members {
			if !yield(p.members[i].name) {
				return
			}
		}
	}
}

// A member is a field of a struct that travels.
type member struct {
	name    string // the wire name
	key     string // the wire name as the encoder writes it: "name":
	index   int    // of the Go field
	pointer bool   // the field is a pointer to the value
	plan    *plan
}

// plans caches the *plan of each reflect.Type met so far.
var plans sync.Map

var metadataType = reflect.TypeFor[middleware.Metadata]()

// planOf returns the plan of a struct type.
func planOf(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%w: %s", ErrType, t)
	}
	made := make(map[reflect.Type]*plan)
	p, err := makePlan(t, made)
	if err != nil {
		return nil, err
	}
	// Published only now: before, a plan may be unfinished.
	for t, p := range made {
		if p.shape == shapeStruct {
			plans.Store(t, p)
		}
	}
	return p, nil
}

// makePlan makes the plan of t and of all that it is made of. A type that is
// already in made, perhaps unfinished, is taken from there, so types may refer
// to themselves.
func makePlan(t reflect.Type, made map[reflect.Type]*plan) (*plan, error) {
	if p, ok := made[t]; ok {
		return p, nil
	}
	p := &plan{typ: t}
	made[t] = p
	switch t.Kind() {
	case reflect.String:
		p.shape, p.noun = shapeString, "a string"
	case reflect.Bool:
		p.shape, p.noun = shapeBool, "true or false"
	case reflect.Int32, reflect.Int64:
		p.shape, p.noun = shapeInt, "a whole number"
	case reflect.Float32, reflect.Float64:
		p.shape, p.noun = shapeFloat, "a number"
	case reflect.Struct:
		p.shape, p.noun = shapeStruct, "an object"
		return p, p.addMembers(made)
	case reflect.Slice:
		p.shape, p.noun = shapeList, "a list"
		return p, p.addElem(made)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, fmt.Errorf("%w: it holds a %s", ErrType, t)
		}
		p.shape, p.noun = shapeMap, "an object"
		return p, p.addElem(made)
	default:
		return nil, fmt.Errorf("%w: it holds a %s", ErrType, t)
	}
	return p, nil
}

func (p *plan) addElem(made map[reflect.Type]*plan) error {
	elem, err := makePlan(p.typ.Elem(), made)
	if err != nil {
		return err
	}
	p.elem = elem
	if elem.shape == shapeString || elem.shape == shapeStruct {
		p.noun += " of " + strings.Fields(elem.noun)[1] + "s"
	}
	return nil
}

func (p *plan) addMembers(made map[reflect.Type]*plan) error {
	p.byName = make(map[string]int)
	for i := range p.typ.NumField() {
		f := p.typ.Field(i)
		if !f.IsExported() || f.Type == metadataType {
			continue
		}
		m := member{name: wireName(f.Name), index: i}
		m.key = string(appendString(nil, m.name)) + ":"
		t := f.Type
		if t.Kind() == reflect.Pointer {
			m.pointer, t = true, t.Elem()
		}
		inner, err := makePlan(t, made)
		if err != nil {
			return fmt.Errorf("%w (at %s.%s)", err, p.typ, f.Name)
		}
		m.plan = inner
		p.byName[m.name] = len(p.members)
		p.members = append(p.members, m)
	}
	if len(p.members) > maxMembers {
		return fmt.Errorf("%w: %s has more than %d members", ErrType, p.typ, maxMembers)
	}
	return nil
}

// wireName lowers the first letter. The API has no exception from that.
func wireName(field string) string { return strings.ToLower(field[:1]) + field[1:] }
