package eksprops

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// Label labels the pod, for selectors to find it. The key is a name of at most 63 letters, digits and - _ . that begins
// and ends with a letter or digit; before it a DNS name and a slash may stand, other than those of Kubernetes and
// AWS Batch. The value is empty or made like the name.
// See https://docs.aws.amazon.com/batch/latest/APIReference/API_EksMetadata.html.
func (p JobPod) Label(key, value string) JobPod {
	return p.with(func(v *types.EksPodProperties) { label(&v.Metadata, key, value) })
}

// Annotation attaches a text of at most 255 characters to the pod. For the key see [JobPod.Label].
func (p JobPod) Annotation(key, value string) JobPod {
	return p.with(func(v *types.EksPodProperties) { annotate(&v.Metadata, key, value) })
}

// Namespace places the pod in a namespace of the cluster: a DNS label of 1 to 63 lower-case letters, digits and hyphens
// that is not default and does not begin with kube. Its roles must be those of the compute environment's namespace.
// In node groups all pods have the same. Default: the compute environment's.
func (p JobPod) Namespace(namespace string) JobPod {
	return p.with(func(v *types.EksPodProperties) { place(&v.Metadata, namespace) })
}

func label(m **types.EksMetadata, key, value string) { set(&made(m).Labels, key, value) }

func annotate(m **types.EksMetadata, key, value string) { set(&made(m).Annotations, key, value) }

func place(m **types.EksMetadata, namespace string) { made(m).Namespace = &namespace }

func made(m **types.EksMetadata) *types.EksMetadata {
	if *m == nil {
		*m = &types.EksMetadata{}
	}
	return *m
}
