package batchjson

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// text reads a string. Of one that is not stored the text is empty.
func (d *decoder) text() (string, outcome) {
	start := d.pos
	text, valid, ok := d.str()
	switch {
	case !ok:
		return "", stopped
	case !valid:
		d.report(InvalidUnicode, start, "the string is not valid Unicode")
		return "", refused
	}
	return string(text), stored
}

func (d *decoder) string(v reflect.Value) outcome {
	text, out := d.text()
	v.SetString(text)
	return out
}

func (d *decoder) bool(v reflect.Value, b bool) outcome {
	if !d.literal(strconv.FormatBool(b)) {
		return stopped
	}
	v.SetBool(b)
	return stored
}

func (d *decoder) int(p *plan, v reflect.Value) outcome {
	start := d.pos
	text, ok := d.number()
	if !ok {
		return stopped
	}
	bits := p.typ.Bits()
	n, kind := wholeNumber(text, bits)
	switch kind {
	case WrongType:
		d.report(kind, start, "must be a whole number, found one with a fraction")
		return refused
	case OutOfRange:
		limit := int64(math.MaxInt64) >> (64 - bits)
		d.report(kind, start, fmt.Sprintf("must be from %d to %d", -limit-1, limit))
		return refused
	}
	v.SetInt(n)
	return stored
}

func (d *decoder) float(p *plan, v reflect.Value) outcome {
	start := d.pos
	text, ok := d.number()
	if !ok {
		return stopped
	}
	f, err := strconv.ParseFloat(string(text), p.typ.Bits())
	if err != nil {
		d.report(OutOfRange, start, fmt.Sprintf("must fit a float of %d bits", p.typ.Bits()))
		return refused
	}
	v.SetFloat(f)
	return stored
}

// specialFloat reads a float that is given as a string.
func (d *decoder) specialFloat(p *plan, v reflect.Value) outcome {
	start := d.pos
	text, _, ok := d.str()
	if !ok {
		return stopped
	}
	f, ok := specialFloat(text)
	if !ok {
		d.report(WrongType, start, "must be "+p.noun+", found "+kindOf('"'))
		return refused
	}
	v.SetFloat(f)
	return stored
}
