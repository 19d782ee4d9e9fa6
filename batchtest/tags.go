package batchtest

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\pL\pN\pZ_.:/=+@-]*$`)

// checkTags refuses tags that the service refuses, whatever they are for.
func checkTags(tags map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch n := utf8.RuneCountInString(key); {
		case n < 1 || n > maxTagKey:
			return refuse("the key of a tag must have 1 to %d characters, found %d", maxTagKey, n)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return refuse("the key of a tag must not begin with aws:, found %q", key)
		}
		if !tagText.MatchString(key + tags[key]) {
			return refuse("Tags can only contain letters, numbers, spaces, and the following special characters: _ . : / = + - @")
		}
		if n := utf8.RuneCountInString(tags[key]); n > maxTagValue {
			return refuse("the value of the tag %q must have at most %d characters, found %d", key, maxTagValue, n)
		}
	}
	return checkTagCount(tags)
}

// checkTagCount refuses too many tags of a resource.
func checkTagCount(tags map[string]string) error {
	if len(tags) > maxTags {
		return refuse("a resource must have at most %d tags, found %d", maxTags, len(tags))
	}
	return nil
}

// tagOperation returns the operation on the tags of a resource, whose ARN is
// part of the path. The keys to remove come in the query.
func tagOperation(r *http.Request, arn string) (operation, error) {
	switch r.Method {
	case http.MethodGet:
		return func(s *Server, _ []byte) ([]byte, error) {
			return reply(s.listTagsForResource(&batch.ListTagsForResourceInput{ResourceArn: &arn}))
		}, nil
	case http.MethodPost:
		return typed(func(s *Server, in *batch.TagResourceInput) (*batch.TagResourceOutput, error) {
			in.ResourceArn = &arn
			return s.tagResource(in)
		}), nil
	case http.MethodDelete:
		return func(s *Server, _ []byte) ([]byte, error) {
			return reply(s.untagResource(&batch.UntagResourceInput{ResourceArn: &arn, TagKeys: r.URL.Query()["tagKeys"]}))
		}, nil
	}
	return nil, unknownOperation(http.StatusMethodNotAllowed, "tags take GET, POST and DELETE, not %s", r.Method)
}

func reply(out any, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return batchjson.Marshal(out)
}

// tagged returns the tags of a resource: those it was made with, until a
// request has changed them. The map never changes. The caller holds mu, as for
// all of this file.
func (s *Server) tagged(arn *string, made map[string]string) map[string]string {
	if tags, changed := s.tags[*arn]; changed {
		return tags
	}
	return orEmptyMap(made)
}

// tagsOf returns the tags of the resource with an ARN. Children of arrays and
// nodes have none of their own.
func (s *Server) tagsOf(arn string) (map[string]string, error) {
	if name, ok := strings.CutPrefix(arn, s.arn(kindDefinition, "")); ok {
		name, number, split := splitRevision(name)
		if d, found := s.revision(name, number); split && number > 0 && found {
			return s.tagged(&arn, d.detail.Tags), nil
		}
	}
	if name, ok := strings.CutPrefix(arn, s.arn(kindQueue, "")); ok && s.queues[name] != nil {
		return s.tagged(&arn, s.queues[name].detail.Tags), nil
	}
	if name, ok := strings.CutPrefix(arn, s.arn(kindEnvironment, "")); ok && s.environments[name] != nil {
		return s.tagged(&arn, s.environments[name].detail.Tags), nil
	}
	if p, ok := s.policy(arn); ok {
		return s.tagged(&arn, p.Tags), nil
	}
	if c, ok := s.consumable(arn); ok && isARN(arn) {
		return s.tagged(&arn, c.tags), nil
	}
	if id, ok := strings.CutPrefix(arn, s.arn(kindJob, "")); ok && s.jobs[id] != nil {
		return s.tagged(&arn, s.jobs[id].work.input.Tags), nil
	}
	return nil, refuse("resourceArn must be the ARN of a compute environment, a consumable resource, a job, a job definition, a job queue or a scheduling policy, found %q", arn)
}

// retag has f change a copy of the tags of a resource.
func (s *Server) retag(arn string, f func(map[string]string) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagsOf(arn)
	if err != nil {
		return err
	}
	tags = maps.Clone(tags)
	if err := f(tags); err != nil {
		return err
	}
	s.tags[arn] = tags
	return nil
}
