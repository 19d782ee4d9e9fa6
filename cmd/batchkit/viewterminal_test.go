package main

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchkit"
)

// screen is a terminal that knows the sequences that a view may use, and no others.
type screen struct {
	mu       sync.Mutex
	rows     [][]rune
	row, col int
	modes    map[string]bool
	writes   int
	unknown  []string
}

func newScreen() *screen {
	return &screen{rows: [][]rune{nil}, modes: map[string]bool{"?25": true, "?7": true}}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	text := []rune(string(p))
	for len(text) > 0 {
		r := text[0]
		text = text[1:]
		switch r {
		case '\n': // as a terminal driver passes it on: to the beginning of the next line
			s.row, s.col = s.row+1, 0
			for s.row >= len(s.rows) {
				s.rows = append(s.rows, nil)
			}
		case '\r':
			s.col = 0
		case '\x1b':
			text = s.control(text)
		default:
			for len(s.rows[s.row]) <= s.col {
				s.rows[s.row] = append(s.rows[s.row], ' ')
			}
			s.rows[s.row][s.col] = r
			s.col++
		}
	}
	return len(p), nil
}

// control takes a control sequence, and returns what comes behind it.
func (s *screen) control(text []rune) []rune {
	end := 1
	for end < len(text) && (text[end] < '@' || text[end] > '~') {
		end++
	}
	argument, command := string(text[1:end]), text[end]
	switch {
	case command == 'A':
		n, _ := strconv.Atoi(argument)
		s.row = max(s.row-n, 0)
	case command == 'K' && argument == "":
		s.rows[s.row] = s.rows[s.row][:min(s.col, len(s.rows[s.row]))]
	case command == 'J' && argument == "":
		s.rows = s.rows[:s.row+1]
		s.rows[s.row] = s.rows[s.row][:min(s.col, len(s.rows[s.row]))]
	case command == 'l', command == 'h':
		s.modes[argument] = command == 'h'
	case command == 'm':
	default:
		s.unknown = append(s.unknown, argument+string(command))
	}
	return text[end+1:]
}

func (s *screen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, r := range s.rows {
		lines = append(lines, strings.TrimRight(string(r), " "))
	}
	return strings.Join(lines, "\n")
}

func TestTerminalView(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScreen()
		fmt.Fprintln(s, "$ batchkit submit --wait flow.yaml")
		v := newTerminalView(s, "", func() (int, int) { return 60, 20 }, false)
		check := func(reason, want string) {
			t.Helper()
			time.Sleep(drawEvery)
			synctest.Wait()
			if diff := cmp.Diff("$ batchkit submit --wait flow.yaml\n"+want, s.text()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", reason, diff)
			}
		}
		v.begun("flow-1", 4)
		v.submitted(2)
		check("the submission is shown as long as nothing is known of the jobs", `run flow-1  0s
[███████████████░░░░░░░░░░░░░░░] 2 of 4 submitted
`)
		v.submitted(4)
		at := time.Now()
		v.see(batchkit.Event{Job: "prepare", To: types.JobStatusRunning, At: at})
		v.see(batchkit.Event{Job: "big", To: types.JobStatusRunnable, At: at, Reason: "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - no instance", Stuck: 11 * time.Minute, Advice: batchkit.Advice{Mend: "allow larger instance types, or ask for less"}})
		v.see(batchkit.Event{Job: "sweep", To: types.JobStatusPending, At: at, Children: map[string]int32{"RUNNING": 2, "SUCCEEDED": 1}})
		time.Sleep(5 * time.Second)
		check("what is stuck comes first; the others say how long they have been so", `run flow-1  5s
[░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 0 of 4 jobs ended
1 RUNNING, 1 RUNNABLE, 1 PENDING, 1 not seen yet
! big RUNNABLE for 11m5s: MISCONFIGURATION:JOB_RESOURCE_RE…
  → allow larger instance types, or ask for less
▸ prepare RUNNING  5s
▸ sweep PENDING (1 SUCCEEDED, 2 RUNNING)  5s
`)
		writes := s.count()
		time.Sleep(30 * drawEvery)
		if got := s.count() - writes; got != 12 {
			t.Errorf("%d writes in 6 seconds, want 12, for the time of the run and those of its jobs: a picture is one write, or it flickers, and one that has not changed is none", got)
		}
		v.see(batchkit.Event{Job: "prepare", To: types.JobStatusFailed, At: time.Now(), Reason: "Essential\x1b[2J container\nin task exited"})
		v.see(batchkit.Event{Job: "big", To: types.JobStatusSucceeded, At: time.Now()})
		v.see(batchkit.Event{Job: "sweep", To: types.JobStatusSucceeded, At: time.Now()})
		v.see(batchkit.Event{Job: "mail", Lost: true, At: time.Now()})
		v.close()
		want := "$ batchkit submit --wait flow.yaml\n" + `run flow-1  11s
[███████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒] 4 of 4 jobs ended
1 FAILED, 2 SUCCEEDED, 1 LOST
✗ mail LOST: AWS Batch does not show it
✗ prepare FAILED: Essential�[2J container in task exited
`
		if diff := cmp.Diff(want, s.text()); diff != "" {
			t.Errorf("the last picture stays, with nothing of the one before (-want +got):\n%s", diff)
		}
		if !s.modes["?25"] || !s.modes["?7"] || len(s.unknown) > 0 {
			t.Errorf("the terminal is left changed: %v, %q", s.modes, s.unknown)
		}
	})
}

func TestTerminalViewNarrower(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScreen()
		width := 80
		var mu sync.Mutex
		size := func() (int, int) { mu.Lock(); defer mu.Unlock(); return width, 20 }
		v := newTerminalView(s, "flow", size, true)
		v.see(batchkit.Event{Job: strings.Repeat("x", 100), To: types.JobStatusRunning, At: time.Now()})
		time.Sleep(drawEvery)
		mu.Lock()
		width = 20
		mu.Unlock()
		time.Sleep(drawEvery)
		v.close()
		for line := range strings.SplitSeq(s.text(), "\n") {
			if n := len([]rune(line)); n > 20 {
				t.Errorf("a line of %d characters on a screen of 20: %q", n, line)
			}
		}
	})
}

func TestPicture(t *testing.T) {
	t.Parallel()
	many := newProgress("r")
	now := time.Now()
	for i := range 20 {
		many.see(batchkit.Event{Job: fmt.Sprintf("job-%02d", i), To: types.JobStatusRunning, At: now.Add(time.Duration(i) * time.Millisecond)})
	}
	stuck := newProgress("r")
	for i, mend := range []string{"see whether there is room anywhere", "see whether there is room anywhere", "mend the service role"} {
		stuck.see(batchkit.Event{Job: fmt.Sprintf("job-%d", i), To: types.JobStatusRunnable, At: now, Stuck: time.Hour, Advice: batchkit.Advice{Mend: mend}})
	}
	tests := []struct {
		name, reason  string
		p             *progress
		width, height int
		want          []string
	}{
		{
			"nothing yet", "a run that is being looked for has neither jobs nor an end", newProgress("r"), 40, 10,
			[]string{"run r  1m5s", "0 of 0 jobs ended", ""},
		},
		{
			"many", "a list says how much it leaves out", many, 60, 40,
			[]string{
				"run r  1m5s", "[░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 0 of 20 jobs ended", "20 RUNNING",
				"▸ job-00 RUNNING  1s", "▸ job-01 RUNNING  1s", "▸ job-02 RUNNING  1s", "▸ job-03 RUNNING  1s", "▸ job-04 RUNNING  1s",
				"▸ job-05 RUNNING  1s", "▸ job-06 RUNNING  1s", "  and 13 more",
			},
		},
		{
			"low", "a picture that is higher than the screen cannot be drawn over", many, 60, 7,
			[]string{
				"run r  1m5s", "[░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 0 of 20 jobs ended", "20 RUNNING",
				"▸ job-00 RUNNING  1s", "▸ job-01 RUNNING  1s", "  and 18 more",
			},
		},
		{
			"narrow", "there is no room for a bar", many, 22, 5,
			[]string{"run r  1m5s", "0 of 20 jobs ended", "20 RUNNING", "  and 20 more"},
		},
		{
			"stuck", "what may be done is told whole, and once", stuck, 27, 40,
			[]string{
				"run r  1m5s", "[░░░░░░] 0 of 3 jobs ended", "3 RUNNABLE",
				"! job-0 RUNNABLE for 1h0m", "! job-1 RUNNABLE for 1h0m", "! job-2 RUNNABLE for 1h0m",
				"  → see whether there is", "    room anywhere", "  → mend the service role",
			},
		},
		{
			"stuck, low", "which jobs stand comes before what may be done about it", stuck, 60, 8,
			[]string{
				"run r  1m5s", "[░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 0 of 3 jobs ended", "3 RUNNABLE",
				"! job-0 RUNNABLE for 1h0m", "! job-1 RUNNABLE for 1h0m", "! job-2 RUNNABLE for 1h0m",
			},
		},
		{
			"tiny", "neither lines nor columns are fewer than none", many, 1, 1,
			[]string{"run r  1m5s", "0 of 20 jobs ended", "20 RUNNING"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			got := picture(tt.p, 65*time.Second, now.Add(1100*time.Millisecond), tt.width, tt.height, false)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	if got := columns(red + "12345" + reset + "▒▒" + faint); got != 7 {
		t.Errorf("got %d columns, want 7: colours take no room, characters of several bytes take one", got)
	}
}

func TestShellLine(t *testing.T) {
	t.Parallel()
	got := shellLine([]string{"batchkit", "submit", "--set", "A=it's $on", "", "a b.yaml", "~x", "eu:1"})
	if want := `batchkit submit --set 'A=it'\''s $on' '' 'a b.yaml' '~x' eu:1`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
