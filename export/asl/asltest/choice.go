package asltest

// holds says whether a rule of a Choice holds.
func (e *entry) holds(c choice) (bool, error) {
	if e.jsonata() {
		v, err := e.template(c.Condition, nil)
		holds, _ := v.(bool)
		return holds, err
	}
	switch {
	case c.And != nil:
		return e.each(c.And, false)
	case c.Or != nil:
		return e.each(c.Or, true)
	case c.Not != nil:
		holds, err := e.holds(*c.Not)
		return !holds, err
	}
	v, err := e.path(c.Variable, e.input)
	if c.IsPresent != nil {
		if _, unsupported := err.(*UnsupportedError); unsupported { //nolint:errorlint // never wrapped
			return false, err
		}
		return (err == nil) == *c.IsPresent, nil
	}
	if err != nil {
		return false, err
	}
	switch {
	case c.StringEquals != nil:
		return v == any(*c.StringEquals), nil
	case c.BooleanEquals != nil:
		return v == any(*c.BooleanEquals), nil
	}
	return false, e.unsupported("a rule that tests neither presence, text nor truth")
}

// each judges rules in their order until one gives the answer that ends it.
func (e *entry) each(rules []choice, end bool) (bool, error) {
	for _, c := range rules {
		holds, err := e.holds(c)
		if err != nil || holds == end {
			return holds, err
		}
	}
	return !end, nil
}
