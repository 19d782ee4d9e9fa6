package validate

import "math/bits"

// member is a member of a container, one of those that most containers do without.
type member uint8

const (
	theOlder        member = iota // vcpus or memory of containerProperties
	theInstanceType               // of containerProperties
	theDependencies
	theTimeouts // startTimeout or stopTimeout
	theFirelens
	theUser
	theCredentials // of a registry
	theMounts
	theSecrets
	theSecretOptions // of the log configuration
	theUlimits
	theLinux
	memberCount
)

// with is a check of the containers that have such a member. The others pay nothing for it.
func with(m member, judge onContainer) check { return gated{m, judge} }

type gated struct {
	member member
	judge  onContainer
}

func (g gated) register(h *hooks, r *Rule) { h.with[g.member].add(r, g.judge) }

// members is a set of them, as bits.
type members uint16

// next takes a member out of a set that is not empty.
func (m *members) next() member {
	i := bits.TrailingZeros16(uint16(*m))
	*m &= *m - 1
	return member(i)
}

// membersOf finds what a container has.
func membersOf(c *container) members {
	var m members
	put := func(one member, there bool) {
		if there {
			m |= 1 << one
		}
	}
	put(theUser, c.user != nil)
	put(theCredentials, c.repository != nil)
	put(theMounts, len(c.mounts) > 0)
	put(theSecrets, len(c.secrets) > 0)
	put(theSecretOptions, c.log != nil && len(c.log.SecretOptions) > 0)
	put(theUlimits, len(c.ulimits) > 0)
	put(theLinux, c.linux != nil)
	if c.only != nil {
		put(theOlder, hasLegacy(c.only))
		put(theInstanceType, c.only.InstanceType != nil)
	}
	if c.of != nil {
		put(theDependencies, len(c.of.DependsOn) > 0)
		put(theTimeouts, c.of.StartTimeout != nil || c.of.StopTimeout != nil)
		put(theFirelens, c.of.FirelensConfiguration != nil)
	}
	return m
}
