package batchtest

// DescribeJobDefinitions
//
// jobDefinitions holds up to 100 references (an ARN, name:revision, or a name
// for its newest active revision) and goes with no other member; unknown ones
// are left out. Otherwise all revisions are listed, of one jobDefinitionName
// or of all, with one status or with any.
//
// The order is by name, newest revision first; the service promises none.
// maxResults is 1 to 100, default 100. A token stays good while definitions
// are registered and deregistered.

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const maxDescribed = 100

func (s *Server) describeJobDefinitions(in *batch.DescribeJobDefinitionsInput) (*batch.DescribeJobDefinitionsOutput, error) {
	byReference := len(in.JobDefinitions) > 0
	switch {
	case len(in.JobDefinitions) > maxDescribed:
		return nil, refuse("jobDefinitions must be at most %d, found %d", maxDescribed, len(in.JobDefinitions))
	case byReference && (in.JobDefinitionName != nil || in.Status != nil || in.MaxResults != nil || in.NextToken != nil):
		return nil, refuse("jobDefinitions can not be used with other parameters")
	case in.MaxResults != nil && *in.MaxResults > maxDescribed:
		return nil, refuse("maxResults must be between 1 and %d, found %d", maxDescribed, *in.MaxResults)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.listDefinitions(in)
	if byReference {
		found = s.referencedDefinitions(in.JobDefinitions)
	}
	found, next, err := page(found, listingKey, in.MaxResults, maxDescribed, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &batch.DescribeJobDefinitionsOutput{JobDefinitions: make([]types.JobDefinition, 0, len(found)), NextToken: next}
	for _, d := range found {
		out.JobDefinitions = append(out.JobDefinitions, s.described(d))
	}
	return out, nil
}

// listingKey sorts by name, newest revision first.
func listingKey(d *definition) string {
	return fmt.Sprintf("%s\x00%010d", d.name(), math.MaxInt32-*d.detail.Revision)
}

func (s *Server) referencedDefinitions(references []string) []*definition {
	var found []*definition
	for _, r := range references {
		resource, ok := s.nameOf(kindDefinition, r)
		name, number, split := splitRevision(resource)
		if d, exists := s.revision(name, number); ok && split && exists && !slices.Contains(found, d) {
			found = append(found, d)
		}
	}
	return found
}

func (s *Server) listDefinitions(in *batch.DescribeJobDefinitionsInput) []*definition {
	names := slices.Sorted(maps.Keys(s.definitions))
	if in.JobDefinitionName != nil {
		names = []string{*in.JobDefinitionName}
	}
	var found []*definition
	for _, name := range names {
		for _, d := range slices.Backward(s.definitions[name]) {
			if in.Status == nil || aws.ToString(in.Status) == aws.ToString(s.described(d).Status) {
				found = append(found, d)
			}
		}
	}
	return found
}
