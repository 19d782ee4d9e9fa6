package validate_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/validate"
)

// TestSizeBound fills a definition, then makes one of its texts after the other long, and the numbers too.
// A member that the bound forgets makes the JSON longer than the bound.
func TestSizeBound(t *testing.T) {
	t.Parallel()
	compare := func(name string, in *batch.RegisterJobDefinitionInput) {
		n, err := batchjson.Size(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, looks := range []bool{false, true} {
			if bound := validate.SizeBound(in, looks); bound < n {
				t.Errorf("%s, looks %v: the bound is %d, and the JSON has %d bytes", name, looks, bound, n)
			}
		}
	}
	compare("empty", &batch.RegisterJobDefinitionInput{})
	var texts int
	for long := -1; long < 0 || long < texts; long++ {
		in := new(batch.RegisterJobDefinitionInput)
		texts = 0
		fill(reflect.ValueOf(in).Elem(), func() string {
			texts++
			if texts == long+1 {
				return strings.Repeat("\x01", 5000)
			}
			return "t"
		})
		compare(fmt.Sprintf("text %d is long", long), in)
	}
	if texts < 200 {
		t.Errorf("a full definition has %d texts, want the 200 and more of the API", texts)
	}
}

// TestSizeBoundOfLists is about long lists of next to nothing.
func TestSizeBoundOfLists(t *testing.T) {
	t.Parallel()
	in := new(batch.RegisterJobDefinitionInput)
	fill(reflect.ValueOf(in).Elem(), func() string { return "" })
	lengthen(reflect.ValueOf(in).Elem())
	n, err := batchjson.Size(in)
	if err != nil {
		t.Fatal(err)
	}
	if bound := validate.SizeBound(in, true); bound < n {
		t.Errorf("the bound is %d, and the JSON has %d bytes", bound, n)
	}
}

// TestSizeBoundOfParts has many of one part, each member of it there and empty, so that no other part has room for it.
func TestSizeBoundOfParts(t *testing.T) {
	t.Parallel()
	const many = 200
	task := func(list ...types.TaskContainerProperties) *batch.RegisterJobDefinitionInput {
		return &batch.RegisterJobDefinitionInput{EcsProperties: &types.EcsProperties{TaskProperties: []types.EcsTaskProperties{{Containers: list}}}}
	}
	for _, tc := range []struct {
		name   string
		make   func() *batch.RegisterJobDefinitionInput
		reason string
	}{
		{"containers", func() *batch.RegisterJobDefinitionInput { return task(repeat[types.TaskContainerProperties](many)...) }, "taskContainerFixed, logFixed"},
		{"tasks", func() *batch.RegisterJobDefinitionInput {
			return &batch.RegisterJobDefinitionInput{EcsProperties: &types.EcsProperties{TaskProperties: repeat[types.EcsTaskProperties](many)}}
		}, "taskFixed"},
		{"environment", func() *batch.RegisterJobDefinitionInput {
			return task(types.TaskContainerProperties{Environment: repeat[types.KeyValuePair](many)})
		}, "pairFixed"},
		{"requirements", func() *batch.RegisterJobDefinitionInput {
			return task(types.TaskContainerProperties{ResourceRequirements: repeat[types.ResourceRequirement](many)})
		}, "pairFixed"},
		{"dependencies", func() *batch.RegisterJobDefinitionInput {
			return task(types.TaskContainerProperties{DependsOn: repeat[types.TaskContainerDependency](many)})
		}, "dependencyFixed"},
		{"mounts", func() *batch.RegisterJobDefinitionInput {
			return task(types.TaskContainerProperties{MountPoints: repeat[types.MountPoint](many)})
		}, "mountFixed"},
		{"volumes", func() *batch.RegisterJobDefinitionInput {
			return &batch.RegisterJobDefinitionInput{ContainerProperties: &types.ContainerProperties{Volumes: repeat[types.Volume](many)}}
		}, "volumeFixed"},
		{"only", func() *batch.RegisterJobDefinitionInput {
			return &batch.RegisterJobDefinitionInput{ContainerProperties: &repeat[types.ContainerProperties](1)[0]}
		}, "containerFixed"},
		{"definition", func() *batch.RegisterJobDefinitionInput { return &repeat[batch.RegisterJobDefinitionInput](1)[0] }, "definitionFixed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := tc.make()
			n, err := batchjson.Size(in)
			if err != nil {
				t.Fatal(err)
			}
			if bound := validate.SizeBound(in, false); bound < n {
				t.Errorf("%s: the bound is %d, and the JSON has %d bytes", tc.reason, bound, n)
			}
		})
	}
}

// TestSizeBoundOfOptions has options that are looked up and others, each long.
func TestSizeBoundOfOptions(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\x01", 5000)
	for _, tc := range []struct {
		name    string
		options map[string]string
		reason  string
	}{
		{"one", map[string]string{"awslogs-group": long}, "the common option alone"},
		{"last", map[string]string{"awslogs-multiline-pattern": long}, "the last that is looked up"},
		{"foreign", map[string]string{long: long}, "an option of another driver"},
		{"mixed", map[string]string{"awslogs-group": "a", "tag": long, "awslogs-region": long}, "both kinds"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &batch.RegisterJobDefinitionInput{ContainerProperties: &types.ContainerProperties{
				LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: tc.options},
			}}
			n, err := batchjson.Size(in)
			if err != nil {
				t.Fatal(err)
			}
			for _, looks := range []bool{false, true} {
				if bound := validate.SizeBound(in, looks); bound < n {
					t.Errorf("%s, looks %v: the bound is %d, and the JSON has %d bytes", tc.reason, looks, bound, n)
				}
			}
		})
	}
}

// repeat is a list of structs whose members are all there, numbers at their longest and the rest empty.
func repeat[T any](n int) []T {
	out := make([]T, n)
	for i := range out {
		v := reflect.ValueOf(&out[i]).Elem()
		for j := range v.NumField() {
			field := v.Field(j)
			switch {
			case !v.Type().Field(j).IsExported():
			case field.Kind() == reflect.Slice:
				field.Set(reflect.MakeSlice(field.Type(), 0, 0))
			case field.Kind() == reflect.Pointer && field.Type().Elem().Kind() != reflect.Struct:
				fill(field, func() string { return "" })
			case field.Kind() == reflect.Map:
				field.Set(reflect.MakeMap(field.Type()))
			case field.Kind() == reflect.Pointer:
				field.Set(reflect.New(field.Type().Elem()))
			}
		}
	}
	return out
}

// TestIsPlain puts every byte at every place of a text.
func TestIsPlain(t *testing.T) {
	t.Parallel()
	for length := 1; length <= 19; length++ {
		for place := range length {
			for c := range 256 {
				text := []byte(strings.Repeat("~", length))
				text[place] = byte(c)
				want := c >= ' ' && c < 0x80 && c != '"' && c != '\\'
				if got := validate.IsPlain(string(text)); got != want {
					t.Errorf("IsPlain(%q) = %v, want %v", text, got, want)
				}
			}
		}
	}
}

// fill sets every field, to the longest number and to texts of the caller's choice. Lists and maps get one element.
func fill(v reflect.Value, text func() string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Map:
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, text)
		fill(elem, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, elem)
	case reflect.String:
		v.SetString(text())
	case reflect.Bool:
		v.SetBool(false) // the longer word
	case reflect.Int32:
		v.SetInt(-1 << 31)
	case reflect.Int64:
		v.SetInt(-1 << 63)
	default:
		panic("no way to fill a " + v.Type().String())
	}
}

// lengthen makes every list ten elements long.
func lengthen(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				lengthen(v.Field(i))
			}
		}
	case reflect.Pointer:
		lengthen(v.Elem())
	case reflect.Slice:
		lengthen(v.Index(0))
		one := v.Index(0)
		for range 9 {
			v.Set(reflect.Append(v, one))
		}
	}
}
