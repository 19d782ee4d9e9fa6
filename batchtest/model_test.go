package batchtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

// apiModel is what the tests need of the service model: the answers of the
// operations. Shapes are by name.
type apiModel struct {
	Source     string                  `json:"source"`
	Operations map[string]apiOperation `json:"operations"`
	Shapes     map[string]apiShape     `json:"shapes"`
}

type apiOperation struct {
	Method string   `json:"method"`
	URI    string   `json:"uri"`
	Output string   `json:"output"`
	Errors []string `json:"errors"`
}

type apiShape struct {
	Type     string            `json:"type"`
	Members  map[string]string `json:"members,omitempty"`
	Required []string          `json:"required,omitempty"`
	Enum     []string          `json:"enum,omitempty"`
	Member   string            `json:"member,omitempty"` // of a list
	Value    string            `json:"value,omitempty"`  // of a map
	Status   int               `json:"status,omitempty"` // of HTTP, of an error
}

// loadModel reads the copy that goes with the tests.
var loadModel = sync.OnceValues(func() (*apiModel, error) {
	data, err := os.ReadFile("testdata/model.json")
	if err != nil {
		return nil, err
	}
	m := &apiModel{}
	return m, json.Unmarshal(data, m)
})

// operation returns the name of the operation that a request asks for.
func (m *apiModel) operation(method, path string) (string, bool) {
	for name, op := range m.Operations {
		before, _, parameter := strings.Cut(op.URI, "{")
		if op.Method == method && (path == op.URI || parameter && strings.HasPrefix(path, before)) {
			return name, true
		}
	}
	return "", false
}

// protocolErrors are not the service's own: they come from what stands before
// it, and from batchtest for what it leaves out. Each has its status of HTTP.
var protocolErrors = map[string]int{
	"NotImplementedException":        http.StatusNotImplemented,
	"RequestEntityTooLargeException": http.StatusRequestEntityTooLarge,
	"SerializationException":         http.StatusBadRequest,
	"ServiceUnavailableException":    http.StatusServiceUnavailable,
	"ThrottlingException":            http.StatusBadRequest,
	"TooManyRequestsException":       http.StatusTooManyRequests,
	"UnsupportedMediaTypeException":  http.StatusUnsupportedMediaType,
}

// unknownOperation is of two kinds: no such path, and no such method on it.
const unknownOperation = "UnknownOperationException"

// exceptions are where the service is known not to keep to its model, and why.
var exceptions = map[string]string{
	"JobDetail.startedAt": "a job that has not run has none, as the example of DescribeJobs in the API reference shows",
	"RetryAction":         "the letter case does not matter, and the definition comes back as it was registered",
}

// checkAnswer returns everything in which an answer is not as the model has it.
func (m *apiModel) checkAnswer(operation string, status int, code string, body []byte) (wrong []string) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return append(wrong, err.Error())
	}
	if status != http.StatusOK {
		return m.checkError(m.Operations[operation], status, code, v)
	}
	if code != "" {
		wrong = append(wrong, fmt.Sprintf("the error type is %q, and there is no error", code))
	}
	m.check(m.Operations[operation].Output, "", v, &wrong)
	return wrong
}

// checkError is checkAnswer for an error. It has the status and the members that
// the model gives it, and a message to read.
func (m *apiModel) checkError(op apiOperation, status int, code string, v any) (wrong []string) {
	want, known := protocolErrors[code]
	switch {
	case slices.Contains(op.Errors, code):
		want = m.Shapes[code].Status
		m.check(code, "", v, &wrong)
	case code == unknownOperation && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed):
		want = status
	case !known:
		return append(wrong, fmt.Sprintf("error %q is not one of %v", code, op.Errors))
	}
	if status != want {
		wrong = append(wrong, fmt.Sprintf("%s has the status %d, want %d", code, status, want))
	}
	members, _ := v.(map[string]any)
	if message, _ := members["message"].(string); message == "" || len(members) != 1 {
		wrong = append(wrong, fmt.Sprintf("%s must have a message and nothing else", code))
	}
	return wrong
}

func (m *apiModel) check(shape, path string, v any, wrong *[]string) {
	say := func(format string, args ...any) {
		*wrong = append(*wrong, strings.TrimPrefix(path, ".")+": "+fmt.Sprintf(format, args...))
	}
	s, known := m.Shapes[shape]
	if !known {
		say("the model has no shape %q", shape)
		return
	}
	ok := true
	switch s.Type {
	case "structure":
		var members map[string]any
		members, ok = v.(map[string]any)
		for _, name := range s.Required {
			if members[name] == nil && ok && exceptions[shape+"."+name] == "" {
				say("%s is required", name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if of, known := s.Members[name]; known {
				m.check(of, path+"."+name, members[name], wrong)
			} else {
				say("%s is no member of %s", name, shape)
			}
		}
	case "list":
		var list []any
		list, ok = v.([]any)
		for i, item := range list {
			m.check(s.Member, fmt.Sprintf("%s[%d]", path, i), item, wrong)
		}
	case "map":
		var entries map[string]any
		entries, ok = v.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			m.check(s.Value, path+"."+key, entries[key], wrong)
		}
	case "string":
		var text string
		text, ok = v.(string)
		if exceptions[shape] != "" {
			text = strings.ToUpper(text)
		}
		if ok && s.Enum != nil && !slices.Contains(s.Enum, text) {
			say("%q is not one of %v", text, s.Enum)
		}
	case "boolean":
		_, ok = v.(bool)
	case "integer", "long":
		var n json.Number
		n, ok = v.(json.Number)
		if _, err := n.Int64(); ok && err != nil {
			say("%s is no whole number", n)
		}
	case "float", "double":
		_, ok = v.(json.Number)
	default:
		say("shapes of type %q are not known to the test", s.Type)
	}
	if !ok {
		say("must be a %s, found %T", s.Type, v)
	}
}

// modelled has the test fail at the first answer that is not as the model has
// it. Benchmarks and fuzz tests go without.
func modelled(tb testing.TB, s *batchtest.Server) func(*batch.Options) {
	return func(o *batch.Options) {
		if _, plain := tb.(*testing.T); plain {
			o.HTTPClient = &modelClient{tb, s}
		}
	}
}

type modelClient struct {
	tb testing.TB
	s  *batchtest.Server
}

func (c *modelClient) Do(r *http.Request) (*http.Response, error) {
	m, err := loadModel()
	if err != nil {
		return nil, err
	}
	resp, err := c.s.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if name, ok := m.operation(r.Method, r.URL.Path); ok {
		for _, w := range m.checkAnswer(name, resp.StatusCode, resp.Header.Get("X-Amzn-Errortype"), body) {
			c.tb.Errorf("answer of %s: %s", name, w)
		}
	}
	return resp, nil
}
