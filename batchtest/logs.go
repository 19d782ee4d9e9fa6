package batchtest

import (
	"bytes"
	"strings"
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

// logs holds the output of all containers, by stream.
type logs struct {
	mu      sync.Mutex
	streams map[string][]LogEvent
	names   []string // in order of their first line
}

func (l *logs) add(stream, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.streams[stream]; !ok {
		if l.streams == nil {
			l.streams = map[string][]LogEvent{}
		}
		l.names = append(l.names, stream)
	}
	l.streams[stream] = append(l.streams[stream], LogEvent{At: time.Now(), Line: strings.TrimSuffix(line, "\r")})
}

// Log returns the lines of a log stream, nil if there is none. A line counts
// once it is complete or its container has ended. The name of a stream is in
// the job's detail and in those of its attempts: the name of the definition,
// of the container ("default" for containerProperties) and the id of the task,
// with slashes between. Pods have no log stream in their detail: theirs are
// named as Kubernetes names the files, pod_namespace_container, all of which the
// detail has.
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
	return append([]LogEvent(nil), s.logs.streams[stream]...)
}

// LogStreams returns the names of the streams that have lines, in the order of
// their first one.
func (s *Server) LogStreams() []string {
	s.logs.mu.Lock()
	defer s.logs.mu.Unlock()
	return append([]string(nil), s.logs.names...)
}

// logStream names the stream of a container.
func (w *work) logStream(spec *taskSpec, container int, task string) string {
	name := spec.containers[container].name
	if spec.pod != nil {
		return podName(task) + "_" + *spec.pod.Metadata.Namespace + "_" + name
	}
	return w.definition.name() + "/" + name + "/" + task
}

// A logWriter cuts what is written to it into lines.
type logWriter struct {
	logs    *logs
	stream  string
	mu      sync.Mutex
	partial []byte
}

func (l *logs) writer(stream string) *logWriter { return &logWriter{logs: l, stream: stream} }

func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := p
	for {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			w.partial = append(w.partial, rest...)
			return len(p), nil
		}
		w.logs.add(w.stream, string(append(w.partial, rest[:i]...)))
		w.partial = w.partial[:0]
		rest = rest[i+1:]
	}
}

// flush completes a last line that has no line feed.
func (w *logWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.partial) > 0 {
		w.logs.add(w.stream, string(w.partial))
		w.partial = nil
	}
}
