package batchtest

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Limits of fair-share policies.
const (
	maxShares       = 500
	maxDecaySeconds = 604800
	maxReservation  = 99
	minWeight       = 0.0001
	maxWeight       = 999.9999
)

var shareIdentifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,254}[a-zA-Z0-9_*-]?$`)

// policy returns the scheduling policy with an ARN. The caller holds mu.
func (s *Server) policy(arn string) (*types.SchedulingPolicyDetail, bool) {
	name, ok := strings.CutPrefix(arn, s.arn(kindPolicy, ""))
	p, found := s.policies[name]
	return p, ok && found
}

// knownPolicy refuses what is not there. The caller holds mu.
func (s *Server) knownPolicy(arn string) (*types.SchedulingPolicyDetail, error) {
	p, ok := s.policy(arn)
	if !ok {
		return nil, refuse("SchedulingPolicy %s not found.", arn)
	}
	return p, nil
}

// checkPolicy refuses a policy that is given to a queue and not there. The
// caller holds mu.
func (s *Server) checkPolicy(arn *string) error {
	if arn == nil {
		return nil
	}
	_, err := s.knownPolicy(*arn)
	return err
}

// checkFairshare refuses a fair-share policy the service would refuse.
func checkFairshare(f *types.FairsharePolicy) error {
	if f == nil {
		return nil
	}
	reservation, decay := aws.ToInt32(f.ComputeReservation), aws.ToInt32(f.ShareDecaySeconds)
	switch {
	case reservation < 0 || reservation > maxReservation:
		return refuse("fairsharePolicy.computeReservation must be between 0 and %d, found %d", maxReservation, reservation)
	case decay < 0 || decay > maxDecaySeconds:
		return refuse("fairsharePolicy.shareDecaySeconds must be between 0 and %d, found %d", maxDecaySeconds, decay)
	case len(f.ShareDistribution) > maxShares:
		return refuse("ShareDistribution size cannot be greater than %d.", maxShares)
	}
	for i, share := range f.ShareDistribution {
		id := aws.ToString(share.ShareIdentifier)
		if !shareIdentifier.MatchString(id) {
			return refuse("ShareIdentifier name should match a valid pattern.")
		}
		if w := share.WeightFactor; w != nil && !(*w >= minWeight && *w <= maxWeight) {
			return refuse("Weight factor should be between 0.0001 and 999.9999.")
		}
		for _, other := range f.ShareDistribution[:i] {
			switch of := aws.ToString(other.ShareIdentifier); {
			case of == id:
				return refuse("Cannot have two or more identical shareIdentifiers.")
			case covers(id, of) || covers(of, id):
				return refuse("Share identifier %s matches another share identifier %s", id, of)
			}
		}
	}
	return nil
}

// covers reports whether a share identifier is a prefix of another.
func covers(id, other string) bool {
	prefix, ok := strings.CutSuffix(id, "*")
	return ok && strings.HasPrefix(other, prefix)
}
