package batchtest

import (
	"slices"
	"strings"
)

// Command returns the command with overrides and parameters applied, empty when
// neither definition nor job gives one. Of a container of a pod it stands for
// the image's ENTRYPOINT, and references $(NAME) to its environment are
// expanded; otherwise it stands for the image's CMD. The slice is the caller's.
func (c *Container) Command() []string { return c.expand(c.spec.command) }

// Args returns the arguments of a container of a pod, which stand for the
// image's CMD, in the way of [Container.Command]. Others have none. The slice
// is the caller's.
func (c *Container) Args() []string { return c.expand(c.spec.args) }

// argv returns what a container engine runs: entry point and command, where
// the image fills in what the definition leaves out.
func (c *Container) argv() []string {
	entrypoint, command := c.image.Entrypoint, c.image.Cmd
	switch pod := c.task.spec.pod != nil; {
	case !pod && len(c.spec.command) > 0:
		command = c.spec.command
	case pod && len(c.spec.command) > 0:
		// The image's CMD is made for its ENTRYPOINT, so it goes too.
		entrypoint, command = c.Command(), c.Args()
	case pod && len(c.spec.args) > 0:
		command = c.Args()
	}
	return slices.Concat(entrypoint, command)
}

// expand does what Kubernetes does to the words of a pod, and copies others.
func (c *Container) expand(words []string) []string {
	out := slices.Clone(words)
	if c.task.spec.pod == nil || !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "$") }) {
		return out
	}
	env := map[string]string{}
	for _, kv := range c.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		env[name] = value
	}
	for i, word := range out {
		out[i] = expandReferences(word, env)
	}
	return out
}

// expandReferences replaces $(NAME) by the value of a variable, and leaves it
// where there is none of that name. $$ becomes $ and begins no reference.
func expandReferences(text string, env map[string]string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		text = after
		name, rest, closed := strings.Cut(after, ")")
		switch {
		case strings.HasPrefix(after, "$"):
			out.WriteByte('$')
			text = after[1:]
		case closed && strings.HasPrefix(name, "("):
			value, known := env[name[1:]]
			if !known {
				value = "$" + name + ")"
			}
			out.WriteString(value)
			text = rest
		default:
			out.WriteByte('$')
		}
	}
}
