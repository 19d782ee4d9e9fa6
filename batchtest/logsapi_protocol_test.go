package batchtest_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// What no SDK would send is answered in the form of the protocol too, and is no request to AWS Batch.
func TestLogProtocol(t *testing.T) {
	t.Parallel()
	b := start(t)
	type row struct {
		name, reason, method, target, body string
		status                             int
		code                               string
	}
	each(t, []row{
		{"no JSON", "the body is anything", "POST", "GetLogEvents", "x", 400, "SerializationException"},
		{"nothing", "not even an object", "POST", "GetLogEvents", "", 400, "SerializationException"},
		{"wrong type", "a number for a name", "POST", "GetLogEvents", `{"logGroupName":1}`, 400, "SerializationException"},
		{"null", "is an object without members", "POST", "GetLogEvents", "null", 400, "InvalidParameterException"},
		{"no such operation", "of no service", "POST", "Nope", "{}", 400, "UnknownOperationException"},
		{"method", "only POST is known", "PUT", "GetLogEvents", "{}", 405, "UnknownOperationException"},
		{"huge", "it is not read to the end", "POST", "GetLogEvents", strings.Repeat(" ", 2<<20), 413, "RequestEntityTooLargeException"},
	}, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		w := httptest.NewRecorder()
		q := httptest.NewRequestWithContext(t.Context(), r.method, "/", strings.NewReader(r.body))
		q.Header.Set("X-Amz-Target", "Logs_20140328."+r.target)
		q.Header.Set("Content-Type", "application/x-amz-json-1.1")
		b.ServeHTTP(w, q)
		if w.Code != r.status || !strings.Contains(w.Body.String(), `"__type":"`+r.code+`"`) {
			t.Errorf("%d %s, want %d %s: %s", w.Code, w.Body, r.status, r.code, r.reason)
		}
	})
	if got := b.Requests(); len(got) != 0 {
		t.Errorf("%d requests to AWS Batch", len(got))
	}
}
