package batchtest

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Client returns the AWS SDK's own client, connected to s with no socket
// between. It has made-up credentials and reads neither environment, files nor
// metadata service. optFns change its options, the retryer for instance.
func (s *Server) Client(optFns ...func(*batch.Options)) *batch.Client {
	return batch.New(batch.Options{
		Region:     s.settings.region,
		HTTPClient: inProcess{s},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDBATCHTEST", SecretAccessKey: "batchtest", Source: "batchtest"}, nil
		}),
	}, optFns...)
}

// inProcess is the SDK's idea of an HTTP client.
type inProcess struct{ s *Server }

var _ batch.HTTPClient = inProcess{}

func (p inProcess) Do(r *http.Request) (*http.Response, error) { return p.s.RoundTrip(r) }
