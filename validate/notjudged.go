package validate

import (
	"cmp"
	"slices"
)

// NotJudged is an id of the catalogue of the service's rules that is not a
// check of this package, with the reason.
type NotJudged struct {
	ID     string // the id of the catalogue, such as "QTA001"
	Title  string // what the service demands, in a few words
	Reason string // why no input is judged by it
}

// NotJudgedRules returns the ids of the catalogue that are not checks, sorted
// by id. Together with [Rules] they are the whole catalogue.
func NotJudgedRules() []NotJudged {
	all := slices.Concat(
		notJudgedJD, notJudgedCP, notJudgedRR, notJudgedFG, notJudgedMI, notJudgedLOG, notJudgedVOL, notJudgedECS,
		notJudgedEKS, notJudgedMNP, notJudgedRTY, notJudgedTMO, notJudgedPRM, notJudgedSUB, notJudgedOVR,
		notJudgedDEP, notJudgedFS, notJudgedQTA,
	)
	slices.SortFunc(all, func(a, b NotJudged) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
