// Package edit is the mechanism of the builders: a value is a list of edits, replayed on a fresh struct.
//
// A builder holds a [List]. Each of its methods returns a builder with one edit more, so builders are immutable
// values that may be shared and forked, the zero value works, and a new member of the SDK costs one method.
// Values that come in from a caller are copied by the builder's method, and everything that goes out is copied by
// [List.Value]: no caller can reach into a builder, and no result into another.
package edit
