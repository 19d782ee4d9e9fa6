// Package export holds what the exporters below it share: the error by which a target is refused.
//
// An exporter writes a definition, or all that a batch application needs, in the language of another tool. It writes
// all of it or nothing: what the target cannot express is an [Error] that names each such member, never a gap in the
// output.
package export
