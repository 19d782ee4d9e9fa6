package batchjson

import (
	"bytes"
	"strconv"
)

// MaxDepth is how deep objects and lists may be nested in a document that
// [Unmarshal] reads; the outermost object has depth 1. The deepest structure
// of the AWS Batch API needs about a tenth of that.
const MaxDepth = 100

// A scanner walks over JSON text. Its methods report with a false result that
// reading has to stop; what stopped it is then in kind, message and pos.
type scanner struct {
	data  []byte
	pos   int
	depth int
	text  []byte // room for a string that had escapes

	kind    Kind
	message string
}

// stop ends the reading at the present place.
func (s *scanner) stop(kind Kind, message string) bool {
	s.kind, s.message = kind, message
	return false
}

// expected ends the reading because something else should stand here.
func (s *scanner) expected(what string) bool {
	return s.stop(Syntax, "expected "+what+", found "+s.found())
}

// peek skips white space and returns the next byte, or 0 at the end. A zero
// byte in the data needs no care: it is not allowed anywhere.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// found describes the byte at the present place. It does not repeat letters
// and digits, for they may be part of a secret that lost its quotes.
func (s *scanner) found() string {
	if s.pos >= len(s.data) {
		return "the end of the document"
	}
	c := s.data[s.pos]
	switch {
	case bytes.IndexByte([]byte(`{}[],:"`), c) >= 0:
		return strconv.QuoteRune(rune(c))
	case c == '\'':
		return "a single quote"
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		return "a letter"
	case isDigit(c):
		return "a digit"
	case c < 0x20 || c == 0x7f:
		return "a control character"
	case bytes.HasPrefix(s.data[s.pos:], []byte("\ufeff")):
		return "a byte order mark"
	}
	return "a character that has no meaning here"
}

// enter steps into the object or list that opens at the present place.
func (s *scanner) enter() bool {
	if s.depth == MaxDepth {
		return s.stop(TooDeep, "nested deeper than "+strconv.Itoa(MaxDepth)+" levels")
	}
	s.depth++
	s.pos++
	return true
}

// more reports whether another member or element follows in the object or
// list that ends with end; if none does, it steps out. The flag first tells
// that none was read yet.
func (s *scanner) more(end byte, first bool) (more, ok bool) {
	c := s.peek()
	if c == end {
		s.depth--
		s.pos++
		return false, true
	}
	if first {
		return true, true
	}
	if c != ',' {
		return false, s.expected(strconv.QuoteRune(',') + " or " + strconv.QuoteRune(rune(end)))
	}
	s.pos++
	if s.peek() == end {
		return false, s.stop(Syntax, "the ',' before "+strconv.QuoteRune(rune(end))+" is one too many")
	}
	return true, true
}

// name reads the name of a member and the colon behind it. The bytes are good
// until the next string is read; valid is as for str.
func (s *scanner) name() (name []byte, valid, ok bool) {
	if s.peek() != '"' {
		return nil, false, s.expected("a member name in double quotes")
	}
	name, valid, ok = s.str()
	if !ok {
		return nil, false, false
	}
	if s.peek() != ':' {
		return nil, false, s.expected("':' after the member name")
	}
	s.pos++
	return name, valid, true
}

// literal reads word, one of true, false and null.
func (s *scanner) literal(word string) bool {
	for i := range len(word) {
		if s.pos == len(s.data) || s.data[s.pos] != word[i] {
			return s.expected("the rest of " + word)
		}
		s.pos++
	}
	return true
}

// number reads a number and returns its text.
func (s *scanner) number() (text []byte, ok bool) {
	start := s.pos
	if s.data[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.data) && s.data[s.pos] == '0' {
		s.pos++
	} else if !s.digits() {
		return nil, false
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return nil, false
		}
	}
	if s.pos < len(s.data) && s.data[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return nil, false
		}
	}
	return s.data[start:s.pos], true
}

// digits reads one digit or more.
func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && isDigit(s.data[s.pos]) {
		s.pos++
	}
	return s.pos > start || s.expected("a digit")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// skip reads a value of any kind and drops it.
func (s *scanner) skip() bool {
	switch c := s.peek(); c {
	case '{', '[':
		if !s.enter() {
			return false
		}
		end := c + 2 // both closing brackets stand two behind their opening ones
		for first := true; ; first = false {
			more, ok := s.more(end, first)
			if !ok || !more {
				return ok
			}
			if c == '{' {
				if _, _, ok := s.name(); !ok {
					return false
				}
			}
			if !s.skip() {
				return false
			}
		}
	case '"':
		_, _, ok := s.str()
		return ok
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		if c != '-' && !isDigit(c) {
			return s.expected("a value")
		}
		_, ok := s.number()
		return ok
	}
}

// kindOf names the kind of the value that begins with c.
func kindOf(c byte) string {
	switch c {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
