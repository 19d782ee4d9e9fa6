package edit

import "reflect"

// Clone returns a deep copy of v: structs, pointers, slices and maps are copied, at every depth.
// Nil stays nil and empty stays empty. Unexported members and functions are copied as they are.
func Clone[T any](v T) T {
	var out T
	clone(reflect.ValueOf(&out).Elem(), reflect.ValueOf(&v).Elem())
	return out
}

func clone(dst, src reflect.Value) {
	dst.Set(src)
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			clone(dst.Elem(), src.Elem())
		}
	case reflect.Struct:
		for i := range src.NumField() {
			if src.Type().Field(i).IsExported() {
				clone(dst.Field(i), src.Field(i))
			}
		}
	case reflect.Slice:
		if !src.IsNil() {
			dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				clone(dst.Index(i), src.Index(i))
			}
		}
	case reflect.Map:
		if !src.IsNil() {
			dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
			for entries := src.MapRange(); entries.Next(); {
				value := reflect.New(src.Type().Elem()).Elem()
				clone(value, entries.Value())
				dst.SetMapIndex(entries.Key(), value)
			}
		}
	}
}
