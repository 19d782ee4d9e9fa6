package exporttest

import (
	"math/rand/v2"
	"reflect"

	"github.com/aws/smithy-go/middleware"
)

// texts are strings that formats take for something else, when they are not careful.
var texts = []string{
	"", "a", "yes", "No", "~", "null", "0123", "1e3", "12:30:45", "2024-01-01", "- x", "a: b", "a #b", "'", `"`, `\`, "a\nb\n", "\ttab",
	"ä€𝄞", "<&>", "\u2028", "\u0085", "{}", "[", "*x", "&x", "!Ref x", "%d", "@x", " x ", "=", ".5", "0x1f", "x:", "$HOME", "%{x}",
	"arn:aws:batch:eu-west-1:123456789012:consumable-resource/x",
}

// Fill returns a struct whose members are set by chance. What it makes is seldom what AWS Batch would take; it is anything
// that the types can hold. The same source of chance gives the same value.
func Fill[T any](r *rand.Rand) *T {
	out := new(T)
	fill(r, reflect.ValueOf(out).Elem())
	return out
}

func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != reflect.TypeFor[middleware.Metadata]() {
				fill(r, v.Field(i))
			}
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(r, v.Index(i))
			}
		}
	case reflect.Map:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				fill(r, key)
				fill(r, value)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.String:
		if method, ok := v.Type().MethodByName("Values"); ok {
			values := method.Func.Call([]reflect.Value{reflect.Zero(v.Type())})[0]
			if n := r.IntN(values.Len() + 1); n < values.Len() {
				v.Set(values.Index(n))
			}
			return
		}
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int32, reflect.Int64:
		v.SetInt([]int64{0, 1, -1, 60, 1 << 30}[r.IntN(5)])
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{0, 0.1, 999.9999, 1e-4}[r.IntN(4)])
	}
}
