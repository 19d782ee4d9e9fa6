package batchtest

import (
	"bytes"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// defaultGroup is where the lines of a job go that says nothing about it.
const defaultGroup = "/aws/batch/job"

// logging returns what a container says about its log, nil for nothing.
func (t *taskSpec) logging(container int) *types.LogConfiguration {
	switch {
	case t.container != nil:
		return t.container.LogConfiguration
	case t.task != nil:
		return t.task.Containers[container].LogConfiguration
	}
	return nil
}

// logGroup returns the group of Amazon CloudWatch Logs to which the lines of a
// container go. Those of pods go to none, nor do those of other log drivers.
func (t *taskSpec) logGroup(container int) string {
	c := t.logging(container)
	switch {
	case t.pod != nil || c != nil && c.LogDriver != types.LogDriverAwslogs:
		return ""
	case c != nil && c.Options["awslogs-group"] != "":
		return c.Options["awslogs-group"]
	}
	return defaultGroup
}

// logStream names the stream of a container.
func (w *work) logStream(spec *taskSpec, container int, task string) string {
	name := spec.containers[container].name
	if spec.pod != nil {
		return podName(task) + "_" + *spec.pod.Metadata.Namespace + "_" + name
	}
	prefix := w.definition.name()
	if c := spec.logging(container); c != nil && c.Options["awslogs-stream-prefix"] != "" {
		prefix = c.Options["awslogs-stream-prefix"]
	}
	return prefix + "/" + name + "/" + task
}

// A logWriter cuts what a container writes into lines.
type logWriter struct {
	of            *Container
	mu            sync.Mutex
	group, stream string // empty until there is a line, as most containers of a simulation write none
	partial       []byte
}

func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, after, complete := bytes.Cut(rest, []byte{'\n'})
		if room := maxLine - len(w.partial); len(line) > room {
			w.partial = append(w.partial, line[:room]...)
			w.put(w.partial)
			rest = rest[room:]
			continue
		}
		w.partial = append(w.partial, line...)
		if complete {
			w.put(bytes.TrimSuffix(w.partial, []byte{'\r'}))
		}
		rest = after
	}
	return len(p), nil
}

// put adds a line, which is part of partial.
func (w *logWriter) put(line []byte) {
	t := w.of.task
	if w.stream == "" {
		w.group, w.stream = t.spec.logGroup(w.of.index), w.of.LogStream()
	}
	t.server.logs.add(w.group, w.stream, string(line))
	w.partial = w.partial[:0]
}

// flush completes a last line that has no line feed.
func (w *logWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.partial) > 0 {
		w.put(bytes.TrimSuffix(w.partial, []byte{'\r'}))
		w.partial = nil
	}
}
