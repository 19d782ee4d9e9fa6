package batchtest

import (
	"slices"
	"sync"
	"time"
)

// LogEvent is a line that a container wrote.
type LogEvent struct {
	// At is when the line was complete.
	At time.Time
	// Line is the text without its line feed.
	Line string
}

// Bounds of what is kept of the output of all containers together.
const (
	maxLine   = 256 << 10 // bytes; a longer line becomes several
	maxOutput = 64 << 20  // bytes of text, and of what each line costs besides
	lineCost  = 96
)

// logs holds the output of all containers. It has its own lock, as containers
// write without that of the server.
type logs struct {
	clock   clock
	mu      sync.Mutex
	events  []event               // in the order in which they came, which is that of their times
	first   int                   // number of the first one that is kept
	size    int                   // of those that are kept
	streams map[string]*logStream // those that have lines, by name
	groups  map[string]time.Time  // of Amazon CloudWatch Logs, and since when
}

// An event is a line, and the stream it is in.
type event struct {
	LogEvent
	stream *logStream
}

// A logStream is the lines of a container. Its group is empty when they do not
// go to Amazon CloudWatch Logs.
type logStream struct {
	group, name string
	numbers     []int // of its events
}

func newLogs(c clock) logs {
	return logs{clock: c, streams: map[string]*logStream{}, groups: map[string]time.Time{defaultGroup: c.now()}}
}

func (l *logs) add(group, stream, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.now()
	s, ok := l.streams[stream]
	if !ok {
		s = &logStream{group: group, name: stream}
		l.streams[stream] = s
		if _, known := l.groups[group]; group != "" && !known {
			l.groups[group] = now
		}
	}
	s.numbers = append(s.numbers, l.end())
	l.events = append(l.events, event{LogEvent{At: now, Line: line}, s})
	l.size += len(line) + lineCost
	for l.size > maxOutput {
		l.drop()
	}
}

// drop forgets the oldest line. The caller holds the lock, as for at and end.
func (l *logs) drop() {
	e := l.events[0]
	l.events[0] = event{}
	l.events = l.events[1:]
	l.first++
	l.size -= len(e.Line) + lineCost
	if e.stream.numbers = e.stream.numbers[1:]; len(e.stream.numbers) == 0 {
		delete(l.streams, e.stream.name)
	}
}

// at returns the event with a number.
func (l *logs) at(number int) event { return l.events[number-l.first] }

// end returns the number of the next event.
func (l *logs) end() int { return l.first + len(l.events) }

// Log returns the lines of a log stream, nil if there is none. A line counts
// once it is complete or its container has ended. The name of a stream is in
// the job's detail and in those of its attempts: the name of the definition, or
// the option awslogs-stream-prefix, the name of the container ("default" for
// containerProperties) and the id of the task, with slashes between. Pods have
// no log stream in their detail: theirs are named as Kubernetes names the files,
// pod_namespace_container, all of which the detail has.
//
// The oldest lines of all are forgotten when there are more than 64 MiB, counting
// 96 bytes for each line besides its text. A line of more than 256 KiB is cut
// into several.
func (s *Server) Log(stream string) []string {
	var lines []string
	for _, e := range s.LogEvents(stream) {
		lines = append(lines, e.Line)
	}
	return lines
}

// LogEvents is [Server.Log] with times.
func (s *Server) LogEvents(stream string) []LogEvent {
	s.logs.mu.Lock()
	defer s.logs.mu.Unlock()
	of, ok := s.logs.streams[stream]
	if !ok {
		return nil
	}
	out := make([]LogEvent, len(of.numbers))
	for i, n := range of.numbers {
		out[i] = s.logs.at(n).LogEvent
	}
	return out
}

// LogStreams returns the names of the streams that have lines, in the order of
// their first one.
func (s *Server) LogStreams() []string {
	s.logs.mu.Lock()
	defer s.logs.mu.Unlock()
	var streams []*logStream
	for _, of := range s.logs.streams {
		streams = append(streams, of)
	}
	slices.SortFunc(streams, func(a, b *logStream) int { return a.numbers[0] - b.numbers[0] })
	var names []string
	for _, of := range streams {
		names = append(names, of.name)
	}
	return names
}
