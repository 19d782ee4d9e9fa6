package batchjson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
)

// An operation is one method of the SDK's client.
type operation struct {
	name   string
	input  reflect.Type // XInput
	output reflect.Type // XOutput
}

// operations walks over the methods of *batch.Client.
func operations(t *testing.T) []operation {
	t.Helper()
	var ops []operation
	client := reflect.TypeFor[*batch.Client]()
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() != 4 || m.Type.NumOut() != 2 || !m.Type.IsVariadic() {
			continue
		}
		in, out := m.Type.In(2), m.Type.Out(0)
		if in.Kind() != reflect.Pointer || in.Elem().Name() != m.Name+"Input" || out.Elem().Name() != m.Name+"Output" {
			continue
		}
		ops = append(ops, operation{name: m.Name, input: in.Elem(), output: out.Elem()})
	}
	if len(ops) < 39 {
		t.Fatalf("found %d operations, want 39 or more: the walk misses some", len(ops))
	}
	return ops
}

// inURL has, per operation, the members that travel in the URL.
var inURL = map[string][]string{
	"ListTagsForResource": {"resourceArn"},
	"TagResource":         {"resourceArn"},
	"UntagResource":       {"resourceArn", "tagKeys"},
}

// A wire is an HTTP client that keeps the body sent and answers with a canned
// one. It opens no connection.
type wire struct {
	sent   []byte
	answer []byte
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.sent = body
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(w.answer)),
		Request:    r,
	}, nil
}

// call sends input with the real client and returns the body that the SDK
// wrote and the output that it made of answer.
func call(t *testing.T, op operation, input reflect.Value, answer []byte) (sent []byte, output any) {
	t.Helper()
	w := &wire{answer: answer}
	client := batch.NewFromConfig(aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String("http://127.0.0.1:1"),
		HTTPClient:   w,
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "dummy", SecretAccessKey: "dummy"}, nil
		}),
	}, func(o *batch.Options) {
		// Sparse inputs lack required members, and the SDK makes up tokens.
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			for _, id := range s.Initialize.List() {
				if id == "OperationInputValidation" || strings.Contains(id, "IdempotencyToken") {
					if _, err := s.Initialize.Remove(id); err != nil {
						return err
					}
				}
			}
			return nil
		})
	})
	results := reflect.ValueOf(client).MethodByName(op.name).
		Call([]reflect.Value{reflect.ValueOf(t.Context()), input})
	if err, _ := results[1].Interface().(error); err != nil {
		t.Fatalf("the SDK's %s: %v", op.name, err)
	}
	return w.sent, results[0].Interface()
}

// jsonValue decodes data with numbers kept as text.
func jsonValue(t *testing.T, data []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	value := map[string]any{}
	if err := d.Decode(&value); err != nil {
		t.Fatalf("no JSON object: %v\n%s", err, data)
	}
	return value
}

// compareInput holds Marshal and Unmarshal against the body the SDK sends.
func compareInput(t *testing.T, op operation, input reflect.Value) {
	t.Helper()
	ours, err := batchjson.Marshal(input.Interface())
	if err != nil {
		t.Fatal(err)
	}
	sent, _ := call(t, op, input, []byte("{}"))
	want := jsonValue(t, ours)
	if len(inURL[op.name]) > 0 && len(sent) == 0 { // a GET or DELETE has no body
		sent = []byte("{}")
	}
	for _, name := range inURL[op.name] {
		delete(want, name)
	}
	if diff := cmp.Diff(jsonValue(t, sent), want); diff != "" {
		t.Errorf("Marshal differs from the SDK's body (-SDK +Marshal):\n%s", diff)
	}
	back := reflect.New(op.input)
	if err := batchjson.Unmarshal(sent, back.Interface()); err != nil {
		t.Fatalf("Unmarshal of the SDK's body: %v", err)
	}
	for _, name := range inURL[op.name] {
		field := strings.ToUpper(name[:1]) + name[1:]
		back.Elem().FieldByName(field).Set(input.Elem().FieldByName(field))
	}
	if diff := cmp.Diff(input.Interface(), back.Interface(), sdkValues); diff != "" {
		t.Errorf("Unmarshal of the SDK's body (-input +got):\n%s", diff)
	}
	again := reflect.New(op.input)
	if err := batchjson.Unmarshal(ours, again.Interface()); err != nil {
		t.Fatalf("Unmarshal of Marshal: %v", err)
	}
	if diff := cmp.Diff(input.Interface(), again.Interface(), sdkValues); diff != "" {
		t.Errorf("Unmarshal of Marshal (-input +got):\n%s", diff)
	}
}

// compareOutput serves Marshal's JSON to the SDK as an answer.
func compareOutput(t *testing.T, op operation, output reflect.Value) {
	t.Helper()
	answer, err := batchjson.Marshal(output.Interface())
	if err != nil {
		t.Fatal(err)
	}
	input := reflect.New(op.input)
	(&filler{}).fill(input.Elem())
	_, got := call(t, op, input, answer)
	if diff := cmp.Diff(output.Interface(), got, sdkValues); diff != "" {
		t.Errorf("what the SDK reads (-output +SDK):\n%s", diff)
	}
	back := reflect.New(op.output)
	if err := batchjson.Unmarshal(answer, back.Interface()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(output.Interface(), back.Interface(), sdkValues); diff != "" {
		t.Errorf("what Unmarshal reads (-output +got):\n%s", diff)
	}
}

func TestFullInputsAsTheSDK(t *testing.T) {
	t.Parallel()
	for _, op := range operations(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			input := reflect.New(op.input)
			(&filler{}).fill(input.Elem())
			compareInput(t, op, input)
		})
	}
}

func TestFullOutputsAsTheSDK(t *testing.T) {
	t.Parallel()
	for _, op := range operations(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			output := reflect.New(op.output)
			(&filler{}).fill(output.Elem())
			compareOutput(t, op, output)
		})
	}
}

func TestSparseValuesAsTheSDK(t *testing.T) {
	t.Parallel()
	const rounds = 30
	for _, op := range operations(t) {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(rounds) {
				f := &filler{random: rand.New(rand.NewPCG(seed, 1))}
				input, output := reflect.New(op.input), reflect.New(op.output)
				f.fill(input.Elem())
				f.fill(output.Elem())
				if len(inURL[op.name]) > 0 { // the SDK cannot build a URL without it
					input.Elem().FieldByName("ResourceArn").Set(reflect.ValueOf(aws.String("arn:aws:batch:::x")))
				}
				compareInput(t, op, input)
				compareOutput(t, op, output)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}
