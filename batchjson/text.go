package batchjson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// str reads the string at the present place. The result points into the data
// or into the scanner's own room and is good until the next call. It is not
// valid if it is not UTF-8 or has half a surrogate pair; it then stands with
// replacement characters, or as it is.
func (s *scanner) str() (text []byte, valid, ok bool) {
	start := s.pos + 1
	var all byte // the bytes seen, or-ed: below 0x80 all are ASCII
	for i := start; i < len(s.data); i++ {
		c := s.data[i]
		switch {
		case c == '"':
			s.pos = i + 1
			text = s.data[start:i]
			return text, all < utf8.RuneSelf || utf8.Valid(text), true
		case c == '\\':
			s.pos = i
			s.text = append(s.text[:0], s.data[start:i]...)
			return s.escaped()
		case c < 0x20:
			s.pos = i
			return nil, false, s.unescaped()
		}
		all |= c
	}
	s.pos = len(s.data)
	return nil, false, s.expected("the closing quote of the string")
}

// escaped reads the rest of a string from its first backslash on.
func (s *scanner) escaped() (text []byte, valid, ok bool) {
	whole := true // no lone surrogate so far
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return s.text, whole && utf8.Valid(s.text), true
		case c == '\\':
			s.pos++
			paired, ok := s.escape()
			if !ok {
				return nil, false, false
			}
			whole = whole && paired
		case c < 0x20:
			return nil, false, s.unescaped()
		default:
			s.text = append(s.text, c)
			s.pos++
		}
	}
	return nil, false, s.expected("the closing quote of the string")
}

func (s *scanner) unescaped() bool {
	return s.stop(Syntax, `a control character in a string must be escaped, such as \n or \u0000`)
}

// escape reads what follows a backslash. It is not paired if it is half of a
// surrogate pair.
func (s *scanner) escape() (paired, ok bool) {
	var c byte
	if s.pos < len(s.data) {
		c = s.data[s.pos]
	}
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		s.pos++
		return s.unicode()
	default:
		return false, s.expected(`one of "\/bfnrtu after the backslash`)
	}
	s.pos++
	s.text = append(s.text, c)
	return true, true
}

// unicode reads the digits of a \u escape, and the second escape of a pair.
func (s *scanner) unicode() (paired, ok bool) {
	r, ok := s.hex4()
	if !ok {
		return false, false
	}
	if !utf16.IsSurrogate(r) {
		s.text = utf8.AppendRune(s.text, r)
		return true, true
	}
	if s.pos+1 < len(s.data) && s.data[s.pos] == '\\' && s.data[s.pos+1] == 'u' {
		back := s.pos
		s.pos += 2
		low, ok := s.hex4()
		if !ok {
			return false, false
		}
		if r := utf16.DecodeRune(r, low); r != utf8.RuneError {
			s.text = utf8.AppendRune(s.text, r)
			return true, true
		}
		s.pos = back
	}
	s.text = utf8.AppendRune(s.text, utf8.RuneError)
	return false, true
}

func (s *scanner) hex4() (rune, bool) {
	var r rune
	for range 4 {
		var c byte
		if s.pos < len(s.data) {
			c = s.data[s.pos]
		}
		switch lower := c | 0x20; {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= lower && lower <= 'f':
			r = r<<4 | rune(lower-'a'+10)
		default:
			return 0, s.expected(`four hexadecimal digits after \u`)
		}
		s.pos++
	}
	return r, true
}

const hexDigits = "0123456789abcdef"

// appendString appends text as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, as the SDK has it.
func appendString(b []byte, text string) []byte {
	b = append(b, '"')
	start := 0 // of what is not yet appended
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(b, text[start:i]...)
				b = utf8.AppendRune(b, utf8.RuneError)
				start = i + 1
			}
			i += size
			continue
		}
		i++
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, text[start:i-1]...)
		start = i
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	b = append(b, text[start:]...)
	return append(b, '"')
}
