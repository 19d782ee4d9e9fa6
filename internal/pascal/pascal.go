// Package pascal writes and reads the AWS SDK's structs as Step Functions and EventBridge Scheduler spell them: the names
// of members begin with a capital letter at every level, and the keys of maps stay as they are.
package pascal

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/ordered"
)

// Value returns a struct of the SDK, or a pointer to one, as a tree of what encoding/json makes of JSON. What is left out
// is what batchjson leaves out. The names are those of the Go fields, which the SDK spells that way.
func Value(v any) any { return value(reflect.ValueOf(v)) }

func value(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return value(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = value(v.Index(i))
		}
		return list
	case reflect.Map:
		object := make(map[string]any, v.Len())
		for entries := v.MapRange(); entries.Next(); {
			object[entries.Key().String()] = value(entries.Value())
		}
		return object
	case reflect.Struct:
		object := map[string]any{}
		for field, member := range ordered.Set(v) {
			object[field.Name] = value(member)
		}
		return object
	}
	return nil
}

// Read stores a tree in a struct of the SDK that dst points to. The error is a [*batchjson.Error] for what the API does
// not have or has otherwise; its paths are in the API's spelling, and names that do not begin with a capital are among
// what it does not have.
func Read(tree any, dst any) error {
	text, err := json.Marshal(lower(reflect.TypeOf(dst), tree))
	if err != nil {
		return fmt.Errorf("pascal: %w", err)
	}
	return batchjson.Unmarshal(text, dst)
}

// lower spells the members as the API does. A name that has no capital is changed so that it stays unknown.
func lower(t reflect.Type, tree any) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch tree := tree.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return tree
		}
		out := make([]any, len(tree))
		for i, v := range tree {
			out[i] = lower(t.Elem(), v)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(tree))
		for name, v := range tree {
			switch t.Kind() {
			case reflect.Map:
				out[name] = lower(t.Elem(), v)
			case reflect.Struct:
				if f, ok := t.FieldByName(name); ok && f.IsExported() {
					out[ordered.Lower(name)] = lower(f.Type, v)
				} else {
					out[ordered.Upper(name)] = v
				}
			default:
				out[name] = v
			}
		}
		return out
	}
	return tree
}
