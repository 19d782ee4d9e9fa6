package validate

import "slices"

// Rule is one rule of AWS Batch: what must hold, for whom, who says so, and the check itself.
type Rule struct {
	// ID is stable and public: three letters of the area and a number, such as ECS008.
	ID string
	// Title says in a sentence what must hold.
	Title string
	// Severity is what breaking the rule leads to. A finding is milder where it is not known that the service minds.
	Severity Severity
	// Platforms are those to which the rule applies.
	Platforms Platforms
	// Source is the address of the public document that states the rule.
	Source string
	// Service is the service's own answer, with X and Y for the offending values; empty where it is not known.
	Service string
	// Uncertain marks a rule whose sources are silent or disagree. It is judged only with [Strict].
	Uncertain bool

	// reads are the members, by name, that the check looks at beside those on the way to its findings and below them.
	reads []string
	check check
}

// Rules returns the catalogue, ordered by id. The slice is the caller's.
func Rules() []Rule { return slices.Clone(catalogue) }

// Lookup returns the rule with the given id.
func Lookup(id string) (Rule, bool) {
	i, ok := ordinal[id]
	if !ok {
		return Rule{}, false
	}
	return catalogue[i], true
}

// catalogue holds every rule. An area is a file, a rule is one value in it.
var catalogue = sortedByID(slices.Concat(
	jdRules, cpRules, rrRules, fgRules, ecsRules, volRules, rtyRules, tmoRules, subRules, ovrRules, arrRules, depRules,
	eksRules, eksResourceRules, eksVolumeRules, eksMetadataRules, eksInfoRules, mnpRules, mnpRangeRules, depInfoRules,
	jdStrictRules, cpInfoRules, rrInfoRules, fgInfoRules, ecsInfoRules, volInfoRules, rtyInfoRules, tmoInfoRules, contextRules,
	miRules, lnxRules, logRules, secRules, crRules, tagRules, prmRules, fsRules,
))

// ordinal finds a rule's place in the catalogue by its id.
var ordinal = func() map[string]int {
	m := make(map[string]int, len(catalogue))
	for i, r := range catalogue {
		m[r.ID] = i
	}
	return m
}()

func sortedByID(rules []Rule) []Rule {
	slices.SortFunc(rules, func(a, b Rule) int { return comparePaths(a.ID, b.ID) })
	return rules
}

// byDefault reports whether the rule is judged without [Strict].
func (r *Rule) byDefault() bool { return !r.Uncertain && r.Severity >= Warning }
