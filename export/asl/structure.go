package asl

import "slices"

// A block is a part of the order of the jobs: a unit, blocks one after another, or blocks at the same time.
type block struct {
	unit     *unit
	series   []*block
	parallel []*block
}

// A unit is what is submitted together: a job, or jobs that are tied by N_TO_N, which AWS Batch keeps.
type unit struct{ steps []int } // in the order of the plan

// order is the order of units: before[i] holds all that come before i, directly or not.
type order struct {
	before   []set
	stronger bool // somewhere blocks wait for more than they must
}

// compose returns the block of the given units, which are in topological order. Units that do not depend on each other
// are put side by side, and what comes before all the rest in front of it. Where an order is not made of these two
// alone, as with a before c and d, and b before d only, those who wait for nobody come first, and all others wait for them.
func (o *order) compose(units []int) *block {
	if len(units) == 1 {
		return &block{unit: &unit{steps: []int{units[0]}}}
	}
	if parts := o.components(units, o.related); len(parts) > 1 {
		b := &block{}
		for _, part := range parts {
			b.parallel = append(b.parallel, o.compose(part))
		}
		return b
	}
	parts := o.components(units, func(a, b int) bool { return !o.related(a, b) })
	if len(parts) == 1 {
		o.stronger = true
		first, rest := []int{}, []int{}
		for _, u := range units {
			if slices.ContainsFunc(units, func(v int) bool { return o.before[u].has(v) }) {
				rest = append(rest, u)
			} else {
				first = append(first, u)
			}
		}
		parts = [][]int{first, rest}
	}
	b := &block{}
	for _, part := range parts {
		inner := o.compose(part)
		if inner.series != nil {
			b.series = append(b.series, inner.series...)
		} else {
			b.series = append(b.series, inner)
		}
	}
	return b
}

func (o *order) related(a, b int) bool { return o.before[a].has(b) || o.before[b].has(a) }

// components returns the sets of units that are linked, each in the given order, ordered by their first one.
func (o *order) components(units []int, linked func(a, b int) bool) [][]int {
	var parts [][]int
	left := slices.Clone(units)
	place := make(map[int]int, len(units))
	for i, u := range units {
		place[u] = i
	}
	for len(left) > 0 {
		part := []int{left[0]}
		left = left[1:]
		for i := 0; i < len(part); i++ {
			left = slices.DeleteFunc(left, func(u int) bool {
				if linked(part[i], u) {
					part = append(part, u)
					return true
				}
				return false
			})
		}
		slices.SortFunc(part, func(a, b int) int { return place[a] - place[b] })
		parts = append(parts, part)
	}
	return parts
}
