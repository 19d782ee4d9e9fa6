package batchtest

// TagResource
//
// Adds tags to what ListTagsForResource takes, and replaces those with the same
// key. A resource has at most 50 tags, keys have 1 to 128 characters and do not
// begin with aws:, values have at most 256; both are letters, digits, spaces and
// _ . : / = + - @. When a tag is refused nothing changes. Describing the resource
// shows the tags at once.

import (
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

func (s *Server) tagResource(in *batch.TagResourceInput) (*batch.TagResourceOutput, error) {
	if len(in.Tags) == 0 {
		return nil, refuse("tags must be provided")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	return &batch.TagResourceOutput{}, s.retag(aws.ToString(in.ResourceArn), func(tags map[string]string) error {
		maps.Copy(tags, in.Tags)
		return checkTagCount(tags)
	})
}
