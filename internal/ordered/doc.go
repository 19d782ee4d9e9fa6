// Package ordered makes documents of values in a fixed order: of the SDK's structs, under the names of another format, and
// written as JSON or as YAML. The exporters are built on it.
//
// A value is an [Object], a []any, a string, a bool, an int64, a float64 or a [json.RawMessage] that holds a number.
package ordered
