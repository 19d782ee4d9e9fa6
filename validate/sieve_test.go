package validate

import (
	"fmt"
	"testing"
)

// TestSieve compares the sieve with a map: what it calls fresh must never have been there.
func TestSieve(t *testing.T) {
	t.Parallel()
	var s sieve
	seen := map[string]bool{}
	fresh := 0
	for i := range 3000 {
		text := fmt.Sprintf("%x", i*i%1499)
		if s.fresh(text) {
			fresh++
			if seen[text] {
				t.Fatalf("%q is called fresh the second time", text)
			}
		}
		seen[text] = true
	}
	if fresh < 10 {
		t.Errorf("%d of %d texts are called fresh, which spares nothing", fresh, len(seen))
	}
	if s := sieve(0); s.fresh("") {
		t.Error("an empty text is called fresh")
	}
}

// TestAlphabetWrites puts a character that is not of the alphabet at every place of texts of every length.
func TestAlphabetWrites(t *testing.T) {
	t.Parallel()
	a := alphabetOf("ab")
	for length := range 11 {
		text := make([]byte, length)
		for i := range text {
			text[i] = 'a' + byte(i%2)
		}
		if !a.writes(string(text)) {
			t.Errorf("%q is not written with a and b", text)
		}
		for i := range text {
			for _, other := range []byte{0, 'c', 0x80, 0xff} {
				was := text[i]
				if text[i] = other; a.writes(string(text)) {
					t.Errorf("%q is written with a and b", text)
				}
				text[i] = was
			}
		}
	}
}
