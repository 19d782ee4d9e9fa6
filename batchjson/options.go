package batchjson

// An Option changes how [Unmarshal] reads.
type Option func(*options)

type options struct {
	ignoreUnknown bool
}

// IgnoreUnknown skips members that the API does not have, as the service
// itself does, instead of reporting them. A member in the wrong case is
// unknown too and is skipped with the rest. What is skipped must still be
// well-formed JSON.
func IgnoreUnknown() Option {
	return func(o *options) { o.ignoreUnknown = true }
}
