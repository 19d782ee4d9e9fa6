package ordered

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/smithy-go/middleware"
)

// A Path leads to a member of an SDK struct, in the spelling of the API.
type Path struct {
	// Exact has the index of each element and the key of each entry: containers[1].options["a b"].
	Exact string
	// Pattern has [] for both: containers[].options[].
	Pattern string
	// Name is the last member in it.
	Name string
	// Key is the last key of a map in it, empty outside of maps.
	Key string
}

// An Encoder makes values of structs of the SDK. What is not set is left out, as the SDK's own serialiser does: nil
// pointers, lists and maps, and the zero value of an enum. An empty list stays.
type Encoder struct {
	// Member returns the name of a member that is set, or false to leave it out.
	Member func(at Path, value reflect.Value) (name string, ok bool)
	// String returns what stands for a string. Nil: the string.
	String func(at Path, s string) any
	// Object returns what stands for a struct that is a member, and no element of a list. Nil: its members.
	Object func(at Path, o Object) any
}

// Encode returns the value of a pointer to a struct. Nil gives an empty object.
func (e Encoder) Encode(v any) Object {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return Object{}
	}
	return e.object(rv.Elem(), Path{})
}

// value returns the value of what is found at a path.
func (e Encoder) value(v reflect.Value, at Path) any {
	switch v.Kind() {
	case reflect.Pointer:
		return e.value(v.Elem(), at)
	case reflect.Struct:
		return e.object(v, at)
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range v.Len() {
			list[i] = e.value(v.Index(i), Path{at.Exact + "[" + strconv.Itoa(i) + "]", at.Pattern + "[]", at.Name, ""})
		}
		return list
	case reflect.Map:
		return e.entries(v, at)
	case reflect.String:
		if e.String != nil {
			return e.String(at, v.String())
		}
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Float32:
		f, err := strconv.ParseFloat(strconv.FormatFloat(v.Float(), 'g', -1, 32), 64)
		if err != nil {
			return v.Float()
		}
		return f // the shortest number that reads back as the same
	case reflect.Float64:
		return v.Float()
	default:
		return v.Int()
	}
}

func (e Encoder) object(v reflect.Value, at Path) Object {
	out := Object{}
	for field, value := range Set(v) {
		wire := Lower(field.Name)
		next := Path{join(at.Exact, wire), join(at.Pattern, wire), wire, ""}
		name, ok := e.Member(next, value)
		if !ok {
			continue
		}
		encoded := e.value(value, next)
		if inner, ok := encoded.(Object); ok && e.Object != nil && reflect.Indirect(value).Kind() == reflect.Struct {
			encoded = e.Object(next, inner)
		}
		out = append(out, Member{name, encoded})
	}
	return out
}

func (e Encoder) entries(v reflect.Value, at Path) Object {
	out := Object{}
	for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }) {
		next := Path{Entry(at.Exact, key.String()), at.Pattern + "[]", at.Name, key.String()}
		out = append(out, Member{key.String(), e.value(v.MapIndex(key), next)})
	}
	return out
}

var metadataType = reflect.TypeFor[middleware.Metadata]()

// Set goes through the members of a struct that are set.
func Set(v reflect.Value) func(yield func(reflect.StructField, reflect.Value) bool) {
	return func(yield func(reflect.StructField, reflect.Value) bool) {
		for i := range v.NumField() {
			f, value := v.Type().Field(i), v.Field(i)
			if !f.IsExported() || f.Type == metadataType {
				continue
			}
			switch value.Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Map:
				if value.IsNil() {
					continue
				}
			default:
				if value.Kind() != reflect.Struct && value.IsZero() {
					continue
				}
			}
			if !yield(f, value) {
				return
			}
		}
	}
}

// Empty reports whether no member of a struct, or of the struct that a pointer leads to, is set.
func Empty(v reflect.Value) bool {
	for range Set(reflect.Indirect(v)) {
		return false
	}
	return true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Entry is the path to the entry of a map, as package batchjson writes it.
func Entry(path, key string) string {
	if plainKey.MatchString(key) {
		return join(path, key)
	}
	return path + "[" + strconv.Quote(key) + "]"
}

// Lower changes the first letter of a Go name to that of the API's name for it.
func Lower(name string) string { return first(name, strings.ToLower) }

// Upper changes the first letter of an API name to a capital one.
func Upper(name string) string { return first(name, strings.ToUpper) }

// first changes the first letter of a name. All names of the API begin with one of ASCII; half of another would be none.
func first(name string, change func(string) string) string {
	if name == "" || name[0] >= utf8.RuneSelf {
		return name
	}
	return change(name[:1]) + name[1:]
}

// Snake writes an API name with underscores: maxSwap is max_swap, s3filesVolume is s3files_volume.
func Snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
