// Package tree reads JSON and YAML into one kind of tree, whose nodes know the
// line and the column of what they stand for.
//
// It keeps what the decoders of either format lose: the order of members, the
// text of numbers, whether a scalar was quoted. A member that occurs twice, bad
// Unicode and what cannot be read are errors, with their place.
//
// # Limits
//
// A file has at most [MaxSize] bytes, [MaxYAML] if it is YAML that is not also
// JSON, [batchjson.MaxDepth] levels and [MaxValues] values, those that YAML
// aliases repeat counted each time. So the memory for a file is bounded.
package tree
