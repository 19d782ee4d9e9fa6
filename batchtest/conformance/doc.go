// Package conformance checks that a service behaves as its clients rely on AWS
// Batch to behave: the embedded one of package batchtest, another emulator, or
// AWS Batch itself.
//
//	func TestService(t *testing.T) {
//		s := batchtest.Start(t, batchtest.WithFallback(batchtest.Image{Run: batchtest.Process()}))
//		conformance.Run(t, s.Client(), conformance.Config{Poll: time.Millisecond})
//	}
//
// Each [Check] makes what it needs, under names that nobody else uses, and ends
// and deregisters it again. All of it is allowed to take as long as the service
// takes: a check asks until what it waits for is there or [Config].Timeout has
// passed. What a check looks at is documented, or is in the words that the
// service is known to use.
//
// The package is apart from batchtest, as it imports package testing. It imports
// nothing of this module, so that what it says of the embedded service is not
// that service's own opinion. Its own tests run it against AWS Batch with the
// build tag aws_conformance and the settings that their file names.
package conformance
