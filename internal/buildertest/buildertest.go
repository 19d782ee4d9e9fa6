// Package buildertest audits builders by reflection, so that no method added later escapes: that they are immutable,
// and that they reach every member of the struct that they build. Only tests import it.
package buildertest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aws/smithy-go/document"
)

// Builder is a builder under audit.
type Builder struct {
	// Zero is a builder value with a few things set.
	Zero any
	// Value returns what a builder of this type builds.
	Value func(builder any) any
	// Samples are arguments of types that reflection cannot fill, interfaces above all.
	Samples []any
}

// Ignore leaves out of a comparison what the SDK's structs hold for its own use.
var Ignore = cmpopts.IgnoreTypes(document.NoSerde{})

// Immutable calls each method that returns the builder's own type, and fails if the call changed its receiver, or if
// writing to the arguments or to a built value afterwards changes what any builder builds.
func Immutable(t *testing.T, b Builder) {
	t.Helper()
	typ := reflect.TypeOf(b.Zero)
	tested := 0
	for i := range typ.NumMethod() {
		method := typ.Method(i)
		if !chains(method, typ) {
			continue
		}
		tested++
		t.Run(method.Name, func(t *testing.T) {
			t.Parallel()
			before := b.Value(b.Zero)
			args := b.arguments(t, method, 1)
			fork := call(b.Zero, i, args)
			built := b.Value(fork)
			other := call(b.Zero, i, b.arguments(t, method, 2))
			_ = b.Value(other)

			for _, arg := range args {
				scribble(arg)
			}
			victim := reflect.ValueOf(b.Value(fork))
			p := reflect.New(victim.Type())
			p.Elem().Set(victim)
			scribble(p)

			if diff := cmp.Diff(before, b.Value(b.Zero), Ignore); diff != "" {
				t.Errorf("the receiver changed: -before +after\n%s", diff)
			}
			if diff := cmp.Diff(built, b.Value(fork), Ignore); diff != "" {
				t.Errorf("the fork changed after it was made: -before +after\n%s", diff)
			}
		})
	}
	if tested == 0 {
		t.Errorf("%v has no method that returns it", typ)
	}
}

// Reaches calls each method of each builder by itself, and fails if there is a member of the struct they build that
// none of the calls has set. Edit reaches everything and does not count. The exceptions are members that are not to be
// reached, each with its reason.
func Reaches(t *testing.T, exceptions map[string]string, builders ...Builder) {
	t.Helper()
	reached := map[string]bool{}
	var built reflect.Type
	for _, b := range builders {
		typ := reflect.TypeOf(b.Zero)
		mark(reached, reflect.ValueOf(b.Value(b.Zero)))
		for i := range typ.NumMethod() {
			if method := typ.Method(i); chains(method, typ) && method.Name != "Edit" {
				v := reflect.ValueOf(b.Value(call(b.Zero, i, b.arguments(t, method, 1))))
				mark(reached, v)
				built = v.Type()
			}
		}
	}
	for _, field := range reflect.VisibleFields(built) {
		_, excepted := exceptions[field.Name]
		switch {
		case !field.IsExported():
		case excepted && reached[field.Name]:
			t.Errorf("%v.%s is an exception and is reached all the same", built, field.Name)
		case !excepted && !reached[field.Name]:
			t.Errorf("no method reaches %v.%s", built, field.Name)
		}
	}
}

func mark(reached map[string]bool, v reflect.Value) {
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.IsExported() && !v.FieldByIndex(field.Index).IsZero() {
			reached[field.Name] = true
		}
	}
}

func chains(m reflect.Method, typ reflect.Type) bool {
	return m.Type.NumOut() == 1 && m.Type.Out(0) == typ
}

func call(receiver any, method int, args []reflect.Value) any {
	m := reflect.ValueOf(receiver).Method(method)
	if m.Type().IsVariadic() {
		return m.CallSlice(args)[0].Interface()
	}
	return m.Call(args)[0].Interface()
}

// arguments makes arguments for a method, others for another seed.
func (b Builder) arguments(t *testing.T, m reflect.Method, seed int) []reflect.Value {
	t.Helper()
	args := make([]reflect.Value, 0, m.Type.NumIn()-1)
	for i := 1; i < m.Type.NumIn(); i++ {
		p := reflect.New(m.Type.In(i)).Elem()
		b.fill(t, p, seed)
		args = append(args, p)
	}
	return args
}

func (b Builder) fill(t *testing.T, v reflect.Value, seed int) {
	t.Helper()
	if i := slices.IndexFunc(b.Samples, func(s any) bool { return reflect.TypeOf(s).AssignableTo(v.Type()) }); i >= 0 {
		v.Set(reflect.ValueOf(b.Samples[i]))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", seed))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(seed) + 1)
	case reflect.Float64:
		v.SetFloat(float64(seed) + 0.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.fill(t, v.Elem(), seed)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				b.fill(t, v.Field(i), seed)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 4)) // spare room, for an append that should have copied
		for i := range v.Len() {
			b.fill(t, v.Index(i), seed+i)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		b.fill(t, value, seed)
		v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("k%d", seed)).Convert(v.Type().Key()), value)
	case reflect.Func:
		// A change of the caller's that is as rude as can be: it fills everything and keeps a hold of it.
		shared := reflect.New(v.Type().In(0).Elem())
		b.fill(t, shared.Elem(), seed)
		v.Set(reflect.MakeFunc(v.Type(), func(in []reflect.Value) []reflect.Value {
			in[0].Elem().Set(shared.Elem())
			return nil
		}))
	default:
		t.Fatalf("no argument for a %v: add a sample", v.Type())
	}
}

// scribble writes to everything that can be reached through a value.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, reflect.Value{})
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString("scribbled")
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if v.CanSet() {
			v.SetInt(-99)
		}
	case reflect.Bool:
		if v.CanSet() {
			v.SetBool(!v.Bool())
		}
	default:
	}
}
