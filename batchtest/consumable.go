package batchtest

import (
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Types of consumable resources.
const (
	replenishable    = "REPLENISHABLE"
	nonReplenishable = "NON_REPLENISHABLE"
)

// A consumable is a consumable resource. All of it but its names is guarded by
// the server's mu.
type consumable struct {
	name, arn, kind string
	tags            map[string]string
	total, inUse    int64
	created         int64                // Unix milliseconds
	changes         map[change]time.Time // by clients with a token, to when
}

// A change is an update with a client token. It happens once.
type change struct {
	token, operation string
	quantity         int64
}

// maxConsumables is how many there are at most in an account and region:
// https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
const maxConsumables = 50_000

// tokenLife is how long the service knows a client token, which has so many
// characters at most.
const (
	tokenLife = 8 * time.Hour
	maxToken  = 64
)

// A need is what each attempt of a job needs of a consumable resource.
type need struct {
	resource string // name or ARN
	quantity int64
}

// A lock is what an attempt holds of a consumable resource, which may have been
// deleted meanwhile.
type lock struct {
	of       *consumable
	quantity int64
}

// available returns how much can be locked. The total may have been reduced to
// less than what is in use.
func (c *consumable) available() int64 { return max(c.total-c.inUse, 0) }

// made reports whether a change with a token was made already.
func (c *consumable) made(ch change, now time.Time) bool {
	at, ok := c.changes[ch]
	return ok && now.Sub(at) < tokenLife
}

// note remembers a change with a token, and forgets old ones.
func (c *consumable) note(ch change, now time.Time) {
	if ch.token == "" {
		return
	}
	maps.DeleteFunc(c.changes, func(_ change, at time.Time) bool { return now.Sub(at) >= tokenLife })
	c.changes[ch] = now
}

// consumable returns the consumable resource with a name or ARN. The caller
// holds mu, as for the rest of this file.
func (s *Server) consumable(reference string) (*consumable, bool) {
	name, ok := s.nameOf(kindConsumable, reference)
	c, found := s.consumables[name]
	return c, ok && found
}

// knownConsumable refuses what is not there.
func (s *Server) knownConsumable(reference *string) (*consumable, error) {
	name := aws.ToString(reference)
	if name == "" {
		return nil, refuse("consumableResource must be provided")
	}
	c, ok := s.consumable(name)
	if !ok {
		return nil, refuse("ConsumableResource %s does not exist", name)
	}
	return c, nil
}

// lacking returns the first consumable resource of which there is not enough
// for an attempt. It is not ok when nothing is lacking.
func (s *Server) lacking(w *work) (resource string, ok bool) {
	for i, n := range w.needs {
		c, known := s.consumable(n.resource)
		if !known {
			return n.resource, true
		}
		left := c.available()
		for _, before := range w.needs[:i] { // of other ranges of nodes
			if same, _ := s.consumable(before.resource); same == c {
				left -= before.quantity
			}
		}
		if n.quantity > left {
			return n.resource, true
		}
	}
	return "", false
}

// lock takes what an attempt needs, which was found to be there.
func (s *Server) lock(j *job) {
	for _, n := range j.work.needs {
		if c, ok := s.consumable(n.resource); ok {
			c.inUse += n.quantity
			j.live.locks = append(j.live.locks, lock{c, n.quantity})
		}
	}
}

// unlock gives back what an attempt had, or drops it when it is used up.
func (s *Server) unlock(j *job) {
	for _, l := range j.live.locks {
		l.of.inUse -= l.quantity
		if l.of.kind == nonReplenishable {
			l.of.total = max(l.of.total-l.quantity, 0)
		}
	}
	j.live.locks = nil
}

// require adds what a definition needs, or what a submission needs instead.
func (w *work) require(definition, override *types.ConsumableResourceProperties) {
	if override != nil {
		definition = override
	}
	if definition == nil {
		return
	}
	for _, r := range definition.ConsumableResourceList {
		w.needs = append(w.needs, need{aws.ToString(r.ConsumableResource), aws.ToInt64(r.Quantity)})
	}
}

// requireForNodes adds what the ranges of nodes need, each once.
func (w *work) requireForNodes() {
	for i := range w.nodes.detail.NodeRangeProperties {
		w.require(w.nodes.detail.NodeRangeProperties[i].ConsumableResourceProperties, nil)
	}
}
