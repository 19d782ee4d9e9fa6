// Package batchcmp compares values of the AWS SDK's Batch types with go-cmp:
//
//	cmp.Diff(want, got, batchcmp.CompareOptions()...)
//
// It is a package of its own, because a program that links go-cmp grows: import
// it in tests only.
package batchcmp

import (
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// CompareOptions returns the options with which values of package
// service/batch and its types compare as what they say to the service: what the
// SDK needs for itself is ignored, and a list or map that is empty equals one
// that is nil. A pointer to a zero value is not nil. The order of lists counts.
func CompareOptions() []cmp.Option {
	return []cmp.Option{
		cmpopts.IgnoreTypes(document.NoSerde{}, middleware.Metadata{}),
		cmpopts.EquateEmpty(),
	}
}
