// Package batchjson reads and writes the JSON of the AWS Batch API with the
// types of the AWS SDK for Go: the inputs and outputs of package
// [github.com/aws/aws-sdk-go-v2/service/batch] and all that they are made of.
//
// Those types have no JSON tags, and encoding/json would write their Go names,
// nulls for what is not set, and enums that are empty. [Marshal] writes what
// the SDK itself sends. [Unmarshal] reads it back, strictly: it knows the
// members of every type, and says for each mistake where it is (path, line and
// column) and what would be right, for all mistakes in one go.
//
// The two are lossless. What the API can say in JSON, the Go value keeps: a
// list that is empty differs from one that is absent, a pointer to an empty
// string from nil. Unmarshal after Marshal gives back the same value, save for
// strings that are not UTF-8, for map entries whose value is a nil list, and
// for the ResultMetadata of outputs, which is no part of the API.
//
// # Names
//
// The name of a member is the name of the Go field with its first letter
// lowered: JobDefinitionName is jobDefinitionName. There is no exception.
//
// # Secrets
//
// A [Problem] names members and map keys, but never repeats the text of a
// value, which may be a secret. It may be logged.
//
// # Concurrency and cost
//
// All functions may be called at the same time. What is learnt of a type by
// reflection is kept for the life of the program, once for each type. Encoding
// and decoding take time in proportion to the length of the document.
//
// The package imports the SDK and the standard library only.
package batchjson
