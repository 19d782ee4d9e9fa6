package batchjson

import (
	"strconv"
	"strings"
)

// maxName bounds how much of a name is repeated in paths and messages, in code
// points. The longest key that AWS Batch takes is that of a tag, 128.
const maxName = 128

// A step is one step of a path: into a member or map entry by name, or, with
// an empty name and inList set, into a list by index.
type step struct {
	name   string
	index  int
	inList bool
}

func pathText(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.inList:
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.index))
			b.WriteByte(']')
		case isPlainName(s.name):
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(shorten(s.name))
		default:
			b.WriteByte('[')
			b.Write(appendString(nil, shorten(s.name)))
			b.WriteByte(']')
		}
	}
	return b.String()
}

// isPlainName reports whether name can follow a dot without being mistaken
// for more than one step.
func isPlainName(name string) bool {
	for _, c := range []byte(name) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && !isDigit(c) && c != '_' && c != '-' {
			return false
		}
	}
	return name != ""
}

// shorten cuts name to maxName code points.
func shorten(name string) string {
	seen := 0
	for i := range name {
		if seen == maxName {
			return name[:i] + "…"
		}
		seen++
	}
	return name
}
