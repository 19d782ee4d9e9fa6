package validate

const (
	letters      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digitLetters = "0123456789"
)

// alphabet is a set of ASCII characters. It takes the place of a regular expression for names that are in
// nearly every input, where the expression would take most of the time of a run.
type alphabet [128]bool

func alphabetOf(characters string) *alphabet {
	var a alphabet
	for i := range len(characters) {
		a[characters[i]] = true
	}
	return &a
}

// writes reports whether the text has no other characters.
func (a *alphabet) writes(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= 128 || !a[c] {
			return false
		}
	}
	return true
}
