package batchtest

import "time"

// levels is the most a meter keeps. When they are full it halves their number.
const levels = 512

// A meter follows a level over time in little room: the mean of each of up to
// levels equal spans of time. The zero meter is ready.
type meter struct {
	since time.Time // when it first rose
	at    time.Time // of the level
	level int64     // in thousandths
	peak  int64
	area  float64 // level × seconds until at
	span  time.Duration
	areas []float64 // of each span
}

// set changes the level.
func (m *meter) set(now time.Time, level int64) {
	if m.since.IsZero() {
		if level == 0 {
			return
		}
		m.since, m.at, m.span = now, now, time.Second
	}
	m.pass(now)
	m.level = level
	m.peak = max(m.peak, level)
}

// pass lets time pass at the present level.
func (m *meter) pass(now time.Time) {
	if m.since.IsZero() {
		return
	}
	for m.at.Before(now) {
		k := int(m.at.Sub(m.since) / m.span)
		for k >= levels {
			m.halve()
			k /= 2
		}
		for len(m.areas) <= k {
			m.areas = append(m.areas, 0)
		}
		until := m.since.Add(time.Duration(k+1) * m.span)
		if until.After(now) {
			until = now
		}
		part := float64(m.level) * until.Sub(m.at).Seconds()
		m.areas[k] += part
		m.area += part
		m.at = until
	}
}

// halve makes each two spans one.
func (m *meter) halve() {
	for k := range m.areas {
		if k%2 == 0 {
			m.areas[k/2] = m.areas[k]
		} else {
			m.areas[k/2] += m.areas[k]
		}
	}
	m.areas = m.areas[:(len(m.areas)+1)/2]
	m.span *= 2
}
