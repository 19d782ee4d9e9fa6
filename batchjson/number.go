package batchjson

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// The texts that stand for the floating-point values that JSON has no number
// for; the SDK writes and reads them so.
const (
	notANumber       = "NaN"
	infinity         = "Infinity"
	negativeInfinity = "-Infinity"
)

// wholeNumber returns the value of a JSON number that has to be whole and to
// fit bits. What counts is the value and not the spelling: 1e3 and 10.0 are
// whole. Where it fails, kind is WrongType or OutOfRange, else empty.
func wholeNumber(text []byte, bits int) (n int64, kind Kind) {
	if bytes.ContainsAny(text, ".eE") {
		if text, kind = plainInteger(text); kind != "" {
			return 0, kind
		}
	}
	n, err := strconv.ParseInt(string(text), 10, bits)
	if err != nil {
		return 0, OutOfRange
	}
	return n, ""
}

// plainInteger spells a number without point and exponent.
func plainInteger(text []byte) ([]byte, Kind) {
	mantissa, exponent := text, 0
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		exponent = clampedInt(text[i+1:])
	}
	sign := ""
	if mantissa[0] == '-' {
		sign, mantissa = "-", mantissa[1:]
	}
	before, after, _ := bytes.Cut(mantissa, []byte("."))
	digits := strings.TrimLeft(string(before)+string(after), "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return []byte("0"), ""
	}
	zeros := exponent - len(after) + len(digits) - len(significant)
	switch {
	case zeros < 0:
		return nil, WrongType
	case len(significant)+zeros > len("9223372036854775807"):
		return nil, OutOfRange
	}
	return []byte(sign + significant + strings.Repeat("0", zeros)), ""
}

// clampedInt returns the value of a signed number of any length, moved to the
// nearest value of 32 bits. No document is so long that this matters.
func clampedInt(text []byte) int {
	n, _ := strconv.ParseInt(string(text), 10, 32) // on overflow it returns the nearest
	return int(n)
}

// specialFloat returns the value of one of the texts for non-finite numbers.
func specialFloat(text []byte) (f float64, ok bool) {
	switch string(text) {
	case notANumber:
		return math.NaN(), true
	case infinity:
		return math.Inf(1), true
	case negativeInfinity:
		return math.Inf(-1), true
	}
	return 0, false
}

// appendFloat appends f in the shortest form that reads back as the same
// value of the given size.
func appendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return appendString(b, notANumber)
	case math.IsInf(f, 1):
		return appendString(b, infinity)
	case math.IsInf(f, -1):
		return appendString(b, negativeInfinity)
	}
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.AppendFloat(b, f, 'e', -1, bits)
	}
	return strconv.AppendFloat(b, f, 'f', -1, bits)
}
