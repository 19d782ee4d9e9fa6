package batchjson

import "testing"

// A type may refer to itself; its plan must be finished and finite.
func TestPlanOfRecursiveType(t *testing.T) {
	t.Parallel()
	type tree struct {
		Name  *string
		Left  *tree
		Trees []tree
	}
	var got tree
	const data = `{"name":"a","left":{"trees":[{"name":"b"}]}}`
	if err := Unmarshal([]byte(data), &got); err != nil {
		t.Fatal(err)
	}
	if out, err := Marshal(got); err != nil || string(out) != data {
		t.Errorf("got %s, %v, want %s", out, err, data)
	}
}
