package edit

// List is an immutable list of edits to a T. The zero value is the empty list.
type List[T any] struct{ last *link[T] }

type link[T any] struct {
	before *link[T]
	apply  func(*T)
	length int
}

// With returns the list with one edit more at its end.
func (l List[T]) With(apply func(*T)) List[T] {
	length := 1
	if l.last != nil {
		length += l.last.length
	}
	return List[T]{&link[T]{before: l.last, apply: apply, length: length}}
}

// WithForeign is With for a function that the builders did not write: what it gets shares no memory with the
// other edits, and what it leaves shares none with the function.
func (l List[T]) WithForeign(apply func(*T)) List[T] {
	return l.With(func(v *T) {
		*v = Clone(*v)
		apply(v)
		*v = Clone(*v)
	})
}

// Value replays the edits, the oldest first, on a zero T. The result shares no memory with the edits.
func (l List[T]) Value() T {
	var v T
	if l.last == nil {
		return v
	}
	edits := make([]func(*T), l.last.length)
	for e := l.last; e != nil; e = e.before {
		edits[e.length-1] = e.apply
	}
	for _, apply := range edits {
		apply(&v)
	}
	return Clone(v)
}
