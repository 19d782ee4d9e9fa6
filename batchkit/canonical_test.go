package batchkit

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Every entry of the tables is about a member that the SDK has, and every list is known to have an order or names, also
// the one that the SDK gets tomorrow.
func TestCanonicalTables(t *testing.T) {
	t.Parallel()
	ordered := map[string]string{
		"EcsTaskProperties": "there is one", "EvaluateOnExit": "the first that matches decides",
	}
	members, elements := map[string]bool{}, map[reflect.Type]bool{}
	survey(reflect.TypeFor[batch.RegisterJobDefinitionInput](), members, elements)
	for member := range defaults {
		if !members[member] {
			t.Errorf("defaults: the SDK has no %s", member)
		}
	}
	for member := range secrets {
		if !members[member] {
			t.Errorf("secrets: the SDK has no %s", member)
		}
	}
	for typ, name := range keys {
		if !elements[typ] || !members[typ.Name()+"."+name] {
			t.Errorf("keys: no list has a %v with %s", typ, name)
		}
	}
	for typ := range elements {
		if _, ok := keys[typ]; ok == (ordered[typ.Name()] != "") {
			t.Errorf("lists of %v need a key, or a reason why their order counts", typ)
		}
	}
}

// survey collects the members of a type and of all that it is made of, and the structs that stand in lists.
func survey(typ reflect.Type, members map[string]bool, elements map[reflect.Type]bool) {
	switch typ.Kind() {
	case reflect.Pointer:
		survey(typ.Elem(), members, elements)
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Struct {
			elements[typ.Elem()] = true
		}
		survey(typ.Elem(), members, elements)
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(typ) {
			if field.IsExported() {
				members[typ.Name()+"."+field.Name] = true
				survey(field.Type, members, elements)
			}
		}
	default:
	}
}
