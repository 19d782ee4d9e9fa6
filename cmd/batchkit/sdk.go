package main

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// localRegion is that of an emulator on this machine, which knows no other.
const localRegion = "us-east-1"

// credentialVariables are the variables of the environment by which the SDK finds credentials.
var credentialVariables = []string{
	"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
}

// newClients returns the SDK's clients for an endpoint, empty for those of the environment: an emulator serves both at one
// address.
func newClients(ctx context.Context, endpoint string) (*batch.Client, *cloudwatchlogs.Client, error) {
	cfg, err := configuration(ctx, endpoint)
	if err != nil {
		return nil, nil, err
	}
	return batch.NewFromConfig(cfg, func(o *batch.Options) { override(&o.BaseEndpoint, endpoint) }),
		cloudwatchlogs.NewFromConfig(cfg, func(o *cloudwatchlogs.Options) { override(&o.BaseEndpoint, endpoint) }), nil
}

// override puts an endpoint that was given in the place of that of the environment.
func override(base **string, endpoint string) {
	if endpoint != "" {
		*base = &endpoint
	}
}

// configuration is the SDK's. An emulator on this machine does not look at credentials: without any in the environment
// it gets made-up ones, and nobody is asked for others.
func configuration(ctx context.Context, endpoint string) (aws.Config, error) {
	local := false
	if endpoint != "" {
		parsed, err := url.Parse(endpoint)
		if err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
			return aws.Config{}, fmt.Errorf("--endpoint-url must be a URL such as http://127.0.0.1:4580, found %q", endpoint)
		}
		local = isLoopback(parsed.Hostname())
	}
	if local && !slices.ContainsFunc(credentialVariables, func(name string) bool { return os.Getenv(name) != "" }) {
		return aws.Config{
			Region: localRegion,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "batchkit"}, nil
			}),
		}, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return aws.Config{}, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	return cfg, nil
}

// isLoopback reports whether a host name or address is this machine's own. No other name is looked up.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}
