package validate

import "github.com/aws/aws-sdk-go-v2/service/batch"

// Reads returns the members that a rule compares with.
func Reads(r Rule) []string { return r.reads }

// MemberOf is memberOf.
func MemberOf(path string) string { return memberOf(path) }

// SizeBound is the most bytes that the JSON of a definition can take.
// It counts strings as they are if they need no escape and looks is set.
func SizeBound(in *batch.RegisterJobDefinitionInput, looks bool) int {
	return sizeBound{looks: looks}.definition(in)
}

// IsPlain is isPlain.
func IsPlain(text string) bool { return isPlain(text) }
