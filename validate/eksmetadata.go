package validate

import (
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	eksMetadata = apiReference + "API_EksMetadata.html"

	maxAnnotation = 255

	keyText = "a name of at most 63 letters, digits, hyphens, underscores and periods with a letter or a digit at both ends, which may follow a DNS subdomain and a slash"
)

// eksMetadataRules are the rules of a pod's namespace, labels and annotations, and of what a submission puts over them.
var eksMetadataRules = []Rule{
	{
		ID: "EKS030", Title: "a namespace is a DNS label",
		Severity: Error, Platforms: EKS, Source: eksMetadata,
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			if n := m.Namespace; n != nil && !isDNSLabel(*n) {
				p.fail(at("namespace"), "must be 1 to %d small letters, digits and hyphens with a letter or a digit at both ends, found %s", maxLabel, excerpt(*n))
			}
		}),
	},
	{
		ID: "EKS031", Title: "the namespace is not default",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-metadata-namespace-default",
		Service: "kubernetesNamespace cannot be the default Kubernetes namespace.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			if str(m.Namespace) == "default" {
				p.fail(at("namespace"), "must not be default: give a namespace of your own, or leave it out to get that of the compute environment")
			}
		}),
	},
	{
		ID: "EKS032", Title: "the namespace does not begin with kube",
		Severity: Error, Platforms: EKS, Source: eksMetadata,
		Service: "kubernetesNamespace cannot be a reserved Kubernetes system namespace.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			if n := str(m.Namespace); strings.HasPrefix(n, "kube") && isDNSLabel(n) {
				p.fail(at("namespace"), "must not begin with kube, which is for Kubernetes itself, found %s: choose another name", excerpt(n))
			}
		}),
	},
	{
		ID: "EKS033", Title: "the key of a label is one that Kubernetes takes",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-label-key-format",
		Service: "The name X of the pod label key does not match a valid pattern.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			for key := range m.Labels {
				if !isKey(key) {
					p.fail(at("labels", key), "must be %s, found %s", keyText, excerpt(key)).saying(key[strings.LastIndexByte(key, '/')+1:])
				}
			}
		}),
	},
	{
		// The API reference leaves the period out. Kubernetes has it.
		ID: "EKS034", Title: "the value of a label is one that Kubernetes takes",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-label-value-format",
		Service: "The pod label value X does not match a valid pattern.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			for key, value := range m.Labels {
				if value != "" && !isQualified(value) {
					p.fail(at("labels", key), "must be at most %d letters, digits, hyphens, underscores and periods with a letter or a digit at both ends, found %s: an annotation takes any text", maxLabel, excerpt(value)).saying(value)
				}
			}
		}),
	},
	{
		// Whether the subdomains of the three are refused too is not known: app.kubernetes.io/name is in wide use.
		ID: "EKS035", Title: "labels and annotations do not use the prefixes of Kubernetes and AWS Batch",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-label-key-reserved-prefix",
		Service: "The prefix X of the pod Y key cannot contain terms from the Kubernetes reserved namespaces.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			judge := func(member, kind, key string) {
				if prefix, _, ok := strings.Cut(key, "/"); ok && isReserved(prefix) {
					p.fail(at(member, key), "must not have the prefix %s, which is not yours to use: take a domain of your own", prefix).saying(prefix, kind)
				}
			}
			for key := range m.Labels {
				judge("labels", "label", key)
			}
			for key := range m.Annotations {
				judge("annotations", "annotation", key)
			}
		}),
	},
	{
		ID: "EKS036", Title: "the key of an annotation is one that Kubernetes takes",
		Severity: Error, Platforms: EKS, Source: eksMetadata,
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			for key := range m.Annotations {
				if !isKey(key) {
					p.fail(at("annotations", key), "must be %s, found %s", keyText, excerpt(key))
				}
			}
		}),
	},
	{
		ID: "EKS037", Title: "the value of an annotation is at most 255 characters",
		Severity: Error, Platforms: EKS, Source: cdkPreflight + "pf-batch-jd-eks-annotation-value-length",
		Service: "Metadata annotation value X cannot be longer than 255 characters.",
		check: onMetadata(func(p *pass, m *types.EksMetadata) {
			for key, value := range m.Annotations {
				if n := utf8.RuneCountInString(value); n > maxAnnotation {
					p.fail(at("annotations", key), "must be at most %d characters, found %d: put long texts into a file that the job reads", maxAnnotation, n).saying(value)
				}
			}
		}),
	},
}

// isReserved reports whether a prefix of keys is kept for Kubernetes or for AWS Batch.
func isReserved(prefix string) bool {
	return prefix == "kubernetes.io" || prefix == "k8s.io" || prefix == "batch.amazonaws.com"
}
