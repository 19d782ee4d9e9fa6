package batchjson_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"

	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sdkValues lets go-cmp compare values of the SDK.
var sdkValues = cmp.Options{
	cmpopts.IgnoreTypes(document.NoSerde{}, middleware.Metadata{}),
	cmpopts.EquateNaNs(),
}

// A filler fills SDK structs by reflection with values that are all distinct.
// Without random it fills every field, with two elements in every list and
// map. With random, each field may be left out, empty, or full.
type filler struct {
	random *rand.Rand
	last   int
}

// what a filler does to one field
const (
	leaveOut = iota
	makeEmpty
	fillUp
)

// awkward holds strings that are hard to write.
var awkward = []string{
	"", "<a href=\"x\">&amp;</a>", "tab\t line\n return\r back\b form\f", "\x00\x01\x1f\x7f",
	"\u2028\u2029", "grüße, 世界 🚀", `\"{}[],:`, "${x} Ref::y",
}

func (f *filler) choose() int {
	if f.random == nil {
		return fillUp
	}
	return f.random.IntN(3)
}

func (f *filler) next() int {
	f.last++
	return f.last
}

func (f *filler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		f.fillStruct(v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			elem := reflect.New(v.Type().Elem()).Elem()
			f.fill(elem)
			v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("key.%d", f.next())), elem)
		}
	case reflect.String:
		text := fmt.Sprintf("text %d", f.next())
		if f.random != nil && f.random.IntN(2) == 0 {
			text = awkward[f.random.IntN(len(awkward))]
		}
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		n := int64(f.next())
		if f.random != nil && f.random.IntN(2) == 0 {
			n = f.random.Int64() >> (64 - v.Type().Bits())
			n = []int64{n, -n, 0}[f.random.IntN(3)]
		}
		v.SetInt(n)
	case reflect.Float32, reflect.Float64:
		n := float64(f.next()) + 0.25
		if f.random != nil {
			n = []float64{0, -1.5, 1e30, 1e-9, 1 << 24, n}[f.random.IntN(6)]
		}
		v.SetFloat(n)
	default:
		panic("no way to fill a " + v.Type().String())
	}
}

func (f *filler) fillStruct(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Field(i)
		if !v.Type().Field(i).IsExported() || field.Type() == reflect.TypeFor[middleware.Metadata]() {
			continue
		}
		switch f.choose() {
		case makeEmpty:
			switch field.Kind() {
			case reflect.Pointer:
				field.Set(reflect.New(field.Type().Elem()))
			case reflect.Slice:
				field.Set(reflect.MakeSlice(field.Type(), 0, 0))
			case reflect.Map:
				field.Set(reflect.MakeMap(field.Type()))
			}
		case fillUp:
			f.fill(field)
		}
	}
}
