package ordered

import (
	"regexp"
	"strings"
)

// plainYAML are the strings that need no quotes in YAML of any version. CloudFormation reads YAML 1.1, where many a
// word, number and time is no string; all that could be one of those is quoted.
var plainYAML = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*(:+[A-Za-z0-9_./-]+)*$`)

// yamlWords are the plain words that YAML 1.1 takes for something else than a string.
var yamlWords = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true,
}

// YAML writes a value as a document of YAML that YAML 1.1 and 1.2 read alike, in block style, two spaces a level.
func YAML(v any) ([]byte, error) {
	w := yamlWriter{}
	if err := w.value(v, 0, false); err != nil {
		return nil, err
	}
	return []byte(strings.TrimPrefix(w.String(), "\n") + "\n"), nil
}

type yamlWriter struct{ strings.Builder }

// value writes a value after its name or its dash. In a list the first member of an object follows the dash.
func (w *yamlWriter) value(v any, level int, inList bool) error {
	switch v := v.(type) {
	case Object:
		if len(v) == 0 {
			w.scalar("{}", level)
			return nil
		}
		for i, m := range v {
			if !inList || i > 0 {
				w.newline(level)
			} else {
				w.WriteByte(' ')
			}
			w.WriteString(yamlString(m.Name))
			w.WriteByte(':')
			if err := w.value(m.Value, level+1, false); err != nil {
				return err
			}
		}
	case []any:
		if len(v) == 0 {
			w.scalar("[]", level)
			return nil
		}
		for i, item := range v {
			if !inList || i > 0 {
				w.newline(level)
			} else {
				w.WriteByte(' ')
			}
			w.WriteByte('-')
			if err := w.value(item, level+1, true); err != nil {
				return err
			}
		}
	case string:
		w.scalar(yamlString(v), level)
	default:
		text, err := Compact(v)
		if err != nil {
			return err
		}
		w.scalar(string(text), level)
	}
	return nil
}

func (w *yamlWriter) newline(level int) {
	w.WriteByte('\n')
	w.WriteString(strings.Repeat("  ", level))
}

func (w *yamlWriter) scalar(text string, level int) {
	if level > 0 {
		w.WriteByte(' ')
	}
	w.WriteString(text)
}

// yamlString writes a string plain where that is safe, else with the quotes and escapes of JSON, which YAML has as well.
func yamlString(s string) string {
	if plainYAML.MatchString(s) && !yamlWords[strings.ToLower(s)] {
		return s
	}
	// JSON may hold DEL and the C1 controls as they are, and YAML may not.
	var b strings.Builder
	for _, r := range string(quoted(s)) {
		if r >= 0x7f && r <= 0x9f || r == 0xfeff || r == 0xfffe || r == 0xffff {
			const hex = "0123456789abcdef"
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
