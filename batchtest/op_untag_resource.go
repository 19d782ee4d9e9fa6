package batchtest

// UntagResource
//
// Removes the tags with the given keys, of which there are 1 to 50, from what
// ListTagsForResource takes. Keys the resource does not have are ignored.

import (
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) untagResource(in *batch.UntagResourceInput) (*batch.UntagResourceOutput, error) {
	if n := len(in.TagKeys); n < 1 || n > maxTags {
		return nil, refuse("tagKeys must hold 1 to %d keys, found %d", maxTags, n)
	}
	for _, key := range in.TagKeys {
		if n := utf8.RuneCountInString(key); n < 1 || n > maxTagKey {
			return nil, refuse("the key of a tag must have 1 to %d characters, found %d", maxTagKey, n)
		}
	}
	return &batch.UntagResourceOutput{}, s.retag(aws.ToString(in.ResourceArn), func(tags map[string]string) error {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
		return nil
	})
}
