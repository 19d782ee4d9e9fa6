package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/batchkit/batchkit-go/batchkit"
)

// drawEvery is the time between two pictures.
const drawEvery = 200 * time.Millisecond

// The control sequences of a terminal. A picture turns wrapping and the cursor off and on again in one write, so that
// the terminal is as it was before whenever the program ends, however it does.
const (
	beginPicture = "\x1b[?25l\x1b[?7l"
	endPicture   = "\x1b[?7h\x1b[?25h"
	clearRight   = "\x1b[K"
	clearBelow   = "\x1b[J"
)

// terminalView draws how a run goes on, over what it has drawn before.
type terminalView struct {
	w      io.Writer
	size   func() (width, height int)
	colour palette
	start  time.Time

	mu    sync.Mutex // guards what follows
	p     *progress
	drawn []string // the picture on the screen
	width int      // of the screen when it was drawn
	stop  chan struct{}
	done  chan struct{}
}

// newTerminalView starts to draw.
func newTerminalView(w io.Writer, run string, size func() (int, int), colour palette) *terminalView {
	v := &terminalView{
		w: w, size: size, colour: colour, start: time.Now(), p: newProgress(run), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go v.keepDrawing()
	return v
}

// terminalSize returns the size of a terminal, that of the oldest ones if it does not tell.
func terminalSize(file *os.File) func() (int, int) {
	return func() (int, int) {
		width, height, err := term.GetSize(int(file.Fd()))
		if err != nil || width <= 0 || height <= 0 {
			return 80, 24
		}
		return width, height
	}
}

func (v *terminalView) begun(run string, jobs int) {
	v.change(func() { v.p.run, v.p.total = run, jobs })
}

func (v *terminalView) submitted(jobs int) { v.change(func() { v.p.submitted = jobs }) }

func (v *terminalView) see(e batchkit.Event) { v.change(func() { v.p.see(e) }) }

func (v *terminalView) change(what func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	what()
}

// close draws the last picture, and leaves the cursor below it.
func (v *terminalView) close() {
	close(v.stop)
	<-v.done
	v.draw()
}

func (v *terminalView) keepDrawing() {
	defer close(v.done)
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	for {
		v.draw()
		select {
		case <-v.stop:
			return
		case <-ticker.C:
		}
	}
}

// draw writes a picture in one piece, if it differs from the one on the screen.
func (v *terminalView) draw() {
	v.mu.Lock()
	defer v.mu.Unlock()
	width, height := v.size()
	lines := picture(v.p, time.Since(v.start), time.Now(), width, height, v.colour)
	if width == v.width && slices.Equal(lines, v.drawn) {
		return
	}
	var b strings.Builder
	b.WriteString(beginPicture)
	if rows := rowsOf(v.drawn, width); rows > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\r", rows)
	}
	for _, line := range lines {
		b.WriteString(line + clearRight + "\n")
	}
	b.WriteString(clearBelow + endPicture)
	v.drawn, v.width = lines, width
	_, _ = io.WriteString(v.w, b.String()) // a terminal that is gone is no reason to stop
}

// rowsOf is how many rows of the screen lines take that were drawn when it was wider.
func rowsOf(lines []string, width int) int {
	rows := 0
	for _, line := range lines {
		rows += max(1, (columns(line)+width-1)/width)
	}
	return rows
}

// columns counts the characters of a line, without what only colours it.
func columns(line string) int {
	n := 0
	for line != "" {
		if strings.HasPrefix(line, "\x1b[") {
			_, line, _ = strings.Cut(line, "m")
			continue
		}
		_, size := utf8.DecodeRuneInString(line)
		line, n = line[size:], n+1
	}
	return n
}
