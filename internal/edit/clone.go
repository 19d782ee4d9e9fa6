package edit

import "reflect"

// Clone returns a deep copy of v: structs, pointers, slices and maps are copied, at every depth.
// Nil stays nil and empty stays empty. Unexported members and functions are copied as they are.
func Clone[T any](v T) T {
	own(reflect.ValueOf(&v).Elem())
	return v
}

// own puts copies in the place of all that v refers to.
func own(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(v.Elem())
			own(p.Elem())
			v.Set(p)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if member := v.Field(i); member.CanSet() { // else it is unexported
				own(member)
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(s, v)
			for i := range s.Len() {
				own(s.Index(i))
			}
			v.Set(s)
		}
	case reflect.Map:
		if !v.IsNil() {
			m := reflect.MakeMapWithSize(v.Type(), v.Len())
			value := reflect.New(v.Type().Elem()).Elem()
			for entries := v.MapRange(); entries.Next(); {
				value.Set(entries.Value())
				own(value)
				m.SetMapIndex(entries.Key(), value)
			}
			v.Set(m)
		}
	}
}
