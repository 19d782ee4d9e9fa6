package tree

import (
	"bytes"
	"strings"
)

// The time of the parser grows with the square of these.
const (
	maxBrackets = 200    // nesting of brackets, or of dashes on a line
	maxAbreast  = 20_000 // lines with the same indentation, with none of a lesser one between them
)

// weigh refuses a text on which the parser would spend minutes. It looks at
// characters only, so it is generous; exact limits are kept when nodes are made.
func (b *Reader) weigh(data []byte) error {
	if i := bytes.Index(data, []byte(hidden)); i >= 0 {
		return b.Fail(placeIn(data, i), "holds characters for private use that cannot be kept")
	}
	var abreast [256]int // by indentation
	brackets, number := 0, 0
	for line := range bytes.Lines(data) {
		number++
		text := bytes.TrimLeft(line, " ")
		indent := min(len(line)-len(text), len(abreast)-1)
		if blank(text) {
			continue
		}
		clear(abreast[indent+1:])
		if abreast[indent]++; abreast[indent] > maxAbreast {
			return b.Fail(Place{number, 1}, "too many lines side by side for YAML; write it as JSON")
		}
		if column, deep := nesting(text, &brackets); deep {
			return b.Fail(Place{number, len(line) - len(text) + column}, "nested too deep")
		}
	}
	return nil
}

// blank reports whether a line has nothing but white space or a comment.
func blank(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) == 0 || text[0] == '#'
}

// nesting counts the open brackets on from the lines before, and the dashes
// that begin a line. It returns the column at which there are too many.
func nesting(line []byte, brackets *int) (column int, deep bool) {
	dashes, start := 0, true
	for i, c := range line {
		switch c {
		case '[', '{':
			*brackets++
			start = false
		case ']', '}':
			*brackets = max(*brackets-1, 0)
		case '-':
			start = start && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t')
			if start {
				dashes++
			}
		case ' ', '\t':
		default:
			start = false
		}
		if *brackets > maxBrackets || dashes > maxBrackets {
			return i + 1, true
		}
	}
	return 0, false
}

// hidden stands for two colons within a word while the parser is at work: it
// takes the AWS::Region of {a: !Ref AWS::Region} for a key. The two characters
// are for private use, and keep columns right.
const hidden = "\ue0c0\ue0c1"

// hideColons hides the colons of words such as AWS::Region and Fn::If.
func hideColons(data []byte) []byte {
	colons := []byte("::")
	if !bytes.Contains(data, colons) {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/8)
	for {
		i := bytes.Index(data, colons)
		if i < 0 {
			return append(out, data...)
		}
		out = append(out, data[:i]...)
		if i > 0 && isWord(data[i-1]) && i+2 < len(data) && isWord(data[i+2]) {
			out = append(out, hidden...)
		} else {
			out = append(out, colons...)
		}
		data = data[i+2:]
	}
}

func showColons(text string) string { return strings.ReplaceAll(text, hidden, "::") }

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
