package batchtest_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t, batchtest.WithVirtualClock(epoch))
	b.define("manual", batchtest.Manual())
	b.define("hour", batchtest.Takes(time.Hour, nil))
	job, hour := b.submit("manual"), b.submit("hour")
	each(t, []controlRow{
		{"clock", "it stands", "GET", "clock", "", 200, `{"now":"2026-01-01T00:00:00Z","virtual":true}`},
		{"advance", "all that is due has happened", "POST", "advance", `{"seconds":3600}`, 200, `{"now":"2026-01-01T01:00:00Z","virtual":true}`},
		{"fraction", "less than a second", "POST", "advance", `{"seconds":0.5}`, 200, `{"now":"2026-01-01T01:00:00.5Z","virtual":true}`},
		{"finish", "the job ends", "POST", "finish", `{"jobId":"` + job + `","exitCode":0}`, 200, `"virtual":true`},
		{"wait for it", "no time passes", "POST", "advance", `{"seconds":0}`, 200, `01:00:00.5Z`},
		{"ended", "it cannot end again", "POST", "finish", `{"jobId":"` + job + `","exitCode":0}`, 409, `job has ended`},
		{"no such job", "says so", "POST", "finish", `{"jobId":"no","exitCode":0}`, 404, `unknown job`},
		{"no exit code", "none is assumed", "POST", "finish", `{"jobId":"no"}`, 400, `must be given`},
		{"backwards", "time does not go back", "POST", "advance", `{"seconds":-1}`, 400, `from 0 to`},
		{"too far", "a duration has an end", "POST", "advance", `{"seconds":1e300}`, 400, `from 0 to`},
		{"nothing", "how far?", "POST", "advance", `{}`, 400, `from 0 to`},
		{"slip of the pen", "is not dropped", "POST", "advance", `{"second":1}`, 400, `unknown field`},
		{"no JSON", "says so", "POST", "advance", `1h`, 400, `wrong request`},
		{"two values", "only one is asked for", "POST", "advance", `{"seconds":0}{}`, 400, `follows`},
		{"method", "looking changes nothing", "GET", "advance", "", 404, `"error":"batchtest: no such request: GET /_batchkit/advance is none of`},
		{"path", "no such thing", "POST", "else", "{}", 404, `"error":"batchtest: no such request: POST /_batchkit/else is none of`},
	}, controlRow.meta, func(t *testing.T, r controlRow) { r.run(t, b.Server) })
	for _, id := range []string{job, hour} {
		if d, _ := b.Job(id); d.Status != types.JobStatusSucceeded {
			t.Errorf("%s is %s", *d.JobName, d.Status)
		}
	}
	real := start(t)
	controlRow{"real", "it goes by itself", "POST", "advance", `{"seconds":1}`, 409, `not virtual`}.run(t, real.Server)
	b.Close()
	controlRow{"closed", "no more", "POST", "advance", `{"seconds":1}`, 503, `closed`}.run(t, b.Server)
}

type controlRow struct {
	name, reason, method, path, body string
	status                           int
	part                             string
}

func (r controlRow) meta() (string, string) { return r.name, r.reason }

func (r controlRow) run(t *testing.T, s *batchtest.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w := httptest.NewRecorder()
	s.Control().ServeHTTP(w, httptest.NewRequestWithContext(ctx, r.method, "/_batchkit/"+r.path, strings.NewReader(r.body)))
	if w.Code != r.status || !strings.Contains(w.Body.String(), r.part) {
		t.Errorf("%s: %d %s, want %d with %q: %s", r.name, w.Code, w.Body, r.status, r.part, r.reason)
	}
	if w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%s: headers %v", r.name, w.Header())
	}
}
