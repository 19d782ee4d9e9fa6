package main

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/report"
)

// eventHelp is for the help of the commands that write events as JSON.
const eventHelp = `With -o json each line is an object; its member "type" is
  begun   {run, jobs}: the run's id, and how many jobs it has; submit only
  event   {at, job, id, from, to, reason, children, stuckSeconds, advice, lost, skipped}: a change of a job;
          from is empty at first, children counts those of an array by state, lost and skipped are there if
          true, of what else does not apply nothing is
  result  {run, status, jobs, report}: the last one; status is succeeded or failed, jobs counts them by
          state, and report, of a run that failed, is what "batchkit report -o json" prints`

// jsonView writes an object a line for each change, for programs.
type jsonView struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func newJSONView(w io.Writer) *jsonView {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &jsonView{enc: enc}
}

type begunLine struct {
	Type string `json:"type"`
	Run  string `json:"run"`
	Jobs int    `json:"jobs"`
}

type eventJSON struct {
	Type     string           `json:"type"`
	At       time.Time        `json:"at"`
	Job      string           `json:"job"`
	ID       string           `json:"id,omitempty"`
	From     types.JobStatus  `json:"from"`
	To       types.JobStatus  `json:"to"`
	Reason   string           `json:"reason,omitempty"`
	Children map[string]int32 `json:"children,omitempty"`
	Stuck    float64          `json:"stuckSeconds,omitempty"`
	Advice   string           `json:"advice,omitempty"`
	Lost     bool             `json:"lost,omitempty"`
	Skipped  bool             `json:"skipped,omitempty"`
}

type resultLine struct {
	Type   string         `json:"type"`
	Run    string         `json:"run"`
	Status string         `json:"status"`
	Jobs   map[string]int `json:"jobs"`
	Report *report.Report `json:"report,omitempty"`
}

func (v *jsonView) begun(run string, jobs int) { v.write(begunLine{"begun", run, jobs}) }

func (v *jsonView) submitted(int) {}

func (v *jsonView) see(e batchkit.Event) {
	v.write(eventJSON{
		Type: "event", At: e.At.UTC(), Job: e.Job, ID: e.ID, From: e.From, To: e.To, Reason: e.Reason,
		Children: e.Children, Stuck: e.Stuck.Seconds(), Advice: e.Advice.Mend, Lost: e.Lost, Skipped: e.Skipped,
	})
}

func (v *jsonView) close() {}

func (v *jsonView) write(line any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.enc.Encode(line) // whoever reads may have gone; the run goes on
}

// countStatus counts jobs by their state.
func countStatus(r *batchkit.Result) map[string]int {
	counts := map[string]int{}
	for i := range r.Jobs {
		counts[statusKey(&r.Jobs[i])]++
	}
	return counts
}

func statusKey(j *batchkit.JobResult) string {
	switch {
	case j.Lost:
		return "LOST"
	case j.Skipped:
		return "SKIPPED"
	case j.Status == "":
		return "UNKNOWN"
	}
	return string(j.Status)
}
