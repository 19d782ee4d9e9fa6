package validate

const (
	letters      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digitLetters = "0123456789"
)

// alphabet is a set of ASCII characters. It takes the place of a regular expression for names that are in
// nearly every input, where the expression would take most of the time of a run.
type alphabet [256]bool

func alphabetOf(characters string) *alphabet {
	var a alphabet
	for i := range len(characters) {
		a[characters[i]] = true
	}
	return &a
}

// writes reports whether the text has no other characters.
func (a *alphabet) writes(text string) bool {
	for len(text) >= 4 { // Four at once take about half the time.
		if !a[text[0]] || !a[text[1]] || !a[text[2]] || !a[text[3]] {
			return false
		}
		text = text[4:]
	}
	for i := range len(text) {
		if !a[text[i]] {
			return false
		}
	}
	return true
}
