package buildertest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// Chance picks by chance, the same for the same seed.
type Chance struct {
	*rand.Rand
	// Slip says how seldom a choice is unsound: one in so many. Zero: never.
	Slip int
	// Calls are the calls that were made, for the message of a test that fails.
	Calls []string
}

// NewChance returns the chance of a seed.
func NewChance(seed uint64) *Chance { return &Chance{Rand: rand.New(rand.NewPCG(seed, 1))} }

// Slips reports whether the next choice is to be unsound.
func (c *Chance) Slips() bool { return c.Slip > 0 && c.IntN(c.Slip) == 0 }

// Pick picks one of several.
func Pick[T any](c *Chance, from ...T) T { return from[c.IntN(len(from))] }

// Mostly picks what is sound, and for a slip the first, which is not.
func Mostly[T any](c *Chance, unsound T, sound ...T) T {
	if c.Slips() {
		return unsound
	}
	return Pick(c, sound...)
}

// Arguments make arguments, by the name of the method. Nil in place of a list passes the method over.
type Arguments map[string]func(*Chance) []any

// Rarely is for a method that is unsound where it stands.
func Rarely(arguments func(*Chance) []any) func(*Chance) []any {
	return func(c *Chance) []any {
		if !c.Slips() {
			return nil
		}
		return arguments(c)
	}
}

// None are the arguments of a method that takes none.
func None(*Chance) []any { return []any{} }

// Chain makes up to the given number of calls, of methods that return the builder's own type. A method that takes
// arguments needs an entry, so that one that is added later does not escape. A function gets one that changes nothing.
func Chain[B any](t *testing.T, c *Chance, b B, most int, arguments Arguments) B {
	t.Helper()
	typ := reflect.TypeFor[B]()
	kind, _, _ := strings.Cut(typ.Name(), "[")
	var methods []reflect.Method
	for i := range typ.NumMethod() {
		m := typ.Method(i)
		if !chains(m, typ) {
			continue
		}
		methods = append(methods, m)
		if takes := m.Type.NumIn() > 1 && m.Type.In(1).Kind() != reflect.Func; takes && arguments[m.Name] == nil {
			t.Fatalf("no arguments for %s.%s: add them to its table", kind, m.Name)
		}
	}
	for range c.IntN(most + 1) {
		m := Pick(c, methods...)
		fill := arguments[m.Name]
		if fill == nil {
			fill = None
		}
		args := fill(c)
		if args == nil {
			continue
		}
		c.Calls = append(c.Calls, fmt.Sprintf("%s.%s%.200v", kind, m.Name, args))
		b = m.Func.Call(append([]reflect.Value{reflect.ValueOf(b)}, values(m, args)...))[0].Interface().(B)
	}
	return b
}

// values gives arguments the types that a method wants.
func values(m reflect.Method, args []any) []reflect.Value {
	if m.Type.NumIn() > 1 && m.Type.In(1).Kind() == reflect.Func {
		return []reflect.Value{reflect.MakeFunc(m.Type.In(1), func([]reflect.Value) []reflect.Value { return nil })}
	}
	out := make([]reflect.Value, len(args))
	for i, arg := range args {
		in := m.Type.In(min(i+1, m.Type.NumIn()-1))
		if m.Type.IsVariadic() && i+1 >= m.Type.NumIn()-1 {
			in = in.Elem()
		}
		out[i] = reflect.ValueOf(arg)
		if in.Kind() != reflect.Interface {
			out[i] = out[i].Convert(in)
		}
	}
	return out
}
