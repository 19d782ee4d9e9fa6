package batchjson_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

// TestSize compares with the length of what Marshal returns.
func TestSize(t *testing.T) {
	t.Parallel()
	types := []reflect.Type{
		reflect.TypeFor[batch.RegisterJobDefinitionInput](), reflect.TypeFor[batch.SubmitJobInput](),
		reflect.TypeFor[batch.DescribeJobsOutput](), reflect.TypeFor[batch.ListJobsInput](), reflect.TypeFor[batch.CreateSchedulingPolicyInput](),
	}
	for _, typ := range types {
		t.Run(typ.Name(), func(t *testing.T) {
			t.Parallel()
			compare := func(f *filler) {
				v := reflect.New(typ)
				f.fill(v.Elem())
				body, err := batchjson.Marshal(v.Interface())
				if err != nil {
					t.Fatal(err)
				}
				got, err := batchjson.Size(v.Interface())
				if err != nil || got != len(body) {
					t.Errorf("Size = %d, %v, want %d, the length of %s", got, err, len(body), body)
				}
			}
			compare(&filler{})
			for seed := range uint64(200) {
				compare(&filler{random: rand.New(rand.NewPCG(seed, 2))})
			}
		})
	}
}

func TestSizeOfText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, reason string }{
		{"invalid", "a\xff\xfeb", "each byte that is not UTF-8 becomes three"},
		{"cut", "caf\xc3", "a character that is cut off is not UTF-8"},
		{"replacement", "\uFFFD", "the replacement character itself is written as it is"},
		{"controls", "\x00\x1f\x7f", "control characters are escaped, DEL is none of them"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &batch.SubmitJobInput{JobName: aws.String(tc.text)}
			body, err := batchjson.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := batchjson.Size(in); err != nil || got != len(body) {
				t.Errorf("Size = %d, %v, want %d, because %s", got, err, len(body), tc.reason)
			}
		})
	}
}

func TestSizeOfOtherTypes(t *testing.T) {
	t.Parallel()
	for _, v := range []any{nil, "text", 7, (*batch.SubmitJobInput)(nil)} {
		if _, err := batchjson.Size(v); !errors.Is(err, batchjson.ErrType) {
			t.Errorf("Size(%T) = %v, want ErrType", v, err)
		}
	}
}

func BenchmarkSize(b *testing.B) {
	for name, value := range benchmarkValues() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := batchjson.Size(value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
