package validate

// sieve tells a text that is surely new from one that may have been there before, by its length and its last letter.
// Where lists are short and without repetition it spares most comparisons. The zero sieve has seen nothing.
type sieve uint64

// fresh reports whether text was surely not given before. It is never sure of an empty one.
func (s *sieve) fresh(text string) bool {
	if text == "" {
		return false
	}
	bit := sieve(1) << ((uint(text[len(text)-1]) + 8*uint(len(text))) % 64)
	fresh := *s&bit == 0
	*s |= bit
	return fresh
}
