package batchtest

import "strings"

// hasStream reports whether a group has a stream. Of a container that has written
// nothing there is one too, as soon as it has begun, but nothing is kept of it, so
// that it has to be looked for. The caller holds the lock of the logs.
func (s *Server) hasStream(group, name string) bool {
	if stream, ok := s.logs.streams[name]; ok {
		return stream.group == group
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := name[strings.LastIndexByte(name, '/')+1:]
	for _, j := range s.submitted {
		parts := j.parts()
		if parts == nil {
			parts = []job{*j}
		}
		if s.isSilent(parts, group, name, id) {
			return true
		}
	}
	return false
}

// isSilent looks for the container with a stream among children, nodes, or a job
// alone. The caller holds mu, as for began.
func (s *Server) isSilent(jobs []job, group, name, id string) bool {
	var spec *taskSpec
	container := -1
	for i := range jobs {
		j := &jobs[i]
		if own := j.spec(); own != spec { // children share one
			spec = own
			container = -1
			for k := range spec.containers {
				if spec.logGroup(k) == group && j.work.logStream(spec, k, id) == name {
					container = k
				}
			}
		}
		for number := 1; container >= 0 && number <= j.work.retry.attempts; number++ {
			if s.taskID(j, number) == id && s.began(j, number, container) {
				return true
			}
		}
	}
	return false
}

// began reports whether a container of an attempt has begun.
func (s *Server) began(j *job, number, container int) bool {
	if j.live != nil && j.live.task != nil && j.live.task.number == number {
		return j.live.task.containers[container].wasUp
	}
	for _, a := range s.record(j).attempts {
		if a.number == number {
			return a.started != 0 || a.endings[container].exited
		}
	}
	return false
}
