package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchkit"
)

const (
	green      = "\x1b[32;1m"
	barWidth   = 30
	mostListed = 8 // lines of each kind of job at the most
)

// picture is what a terminal shows of a run: counts, what stands and why, what has failed, and what is under way.
func picture(p *progress, elapsed time.Duration, now time.Time, width, height int, colour palette) []string {
	d := &drawing{width: width - 1, rows: max(height-1, 3), colour: colour}
	head := "run " + p.run
	if p.run == "" {
		head = "run"
	}
	d.line("", "%s  %s", head, rounded(elapsed.Truncate(time.Second)))
	if len(p.jobs) == 0 && p.submitted < p.total {
		d.bar(p.submitted, 0, p.total, fmt.Sprintf("%d of %d submitted", p.submitted, p.total))
		return d.lines
	}
	d.bar(p.ended(), p.bad(), p.total, fmt.Sprintf("%d of %s ended", p.ended(), number(p.total, "job")))
	d.line(faint, "%s", p.summary())
	stuck := p.stuck()
	d.list(yellow, "!", stuck, now)
	d.advise(stuck)
	d.list(red, "✗", p.failed(), now)
	d.list("", "▸", p.underWay(), now)
	return d.lines
}

// drawing is lines that fit a screen.
type drawing struct {
	width, rows int
	colour      palette
	lines       []string
}

// line adds a line in a colour, cut to the width.
func (d *drawing) line(colour, format string, args ...any) {
	text := []rune(oneLine(fmt.Sprintf(format, args...)))
	if len(text) > d.width && d.width > 0 {
		text = append(text[:d.width-1], '…')
	}
	if colour == "" {
		d.lines = append(d.lines, string(text))
		return
	}
	d.lines = append(d.lines, d.colour.paint(colour, string(text)))
}

// bar adds a bar of how much is done, and how much of that is bad.
func (d *drawing) bar(done, bad, total int, text string) {
	size := min(barWidth, d.width-len(text)-3)
	if size < 5 || total == 0 {
		d.line("", "%s", text)
		return
	}
	full, broken := size*done/total, size*bad/total
	if bad > 0 && broken == 0 {
		broken = min(1, full)
	}
	d.lines = append(d.lines, "["+
		d.colour.paint(green, strings.Repeat("█", full-broken))+
		d.colour.paint(red, strings.Repeat("▒", broken))+
		strings.Repeat("░", size-full)+"] "+text)
}

// list adds a line for each job, as far as there is room.
func (d *drawing) list(colour, mark string, jobs []*jobProgress, now time.Time) {
	room := min(mostListed, d.rows-len(d.lines))
	if len(jobs) > room {
		room-- // for the line that says how many are left out
	}
	for i, j := range jobs {
		if i >= room {
			if room >= 0 {
				d.line(faint, "  and %d more", len(jobs)-i)
			}
			return
		}
		d.line(colour, "%s %s", mark, j.line(now))
	}
}

// advise adds what may be done about jobs that stand, once for all that stand for the same reason, as far as there is room
// for that and for a line or two of other jobs.
func (d *drawing) advise(jobs []*jobProgress) {
	const arrow = "  → "
	var said []string
	for _, j := range jobs {
		mend := j.Advice.Mend
		if mend == "" || slices.Contains(said, mend) {
			continue
		}
		said = append(said, mend)
		lines := wrap(mend, d.width-utf8.RuneCountInString(arrow))
		if len(d.lines)+len(lines)+2 > d.rows {
			return
		}
		for i, text := range lines {
			if i == 0 {
				d.line("", "%s%s", arrow, text)
				continue
			}
			d.line("", "    %s", text)
		}
	}
}

// wrap breaks a text between words into lines of a width, longer ones only where a word is.
func wrap(text string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}

// line is a job, how long it has been so, and why.
func (j *jobProgress) line(now time.Time) string {
	e := j.Event
	if j.stands() {
		e.Advice = batchkit.Advice{} // which is told below
	}
	if e.Stuck > 0 {
		e.Stuck += max(now.Sub(e.At), 0).Truncate(time.Second)
	}
	text := eventLine(&e)
	if e.Stuck > 0 || e.To == types.JobStatusFailed || e.Lost {
		return text
	}
	return text + "  " + rounded(max(now.Sub(j.since), 0).Truncate(time.Second))
}
