package eksprops

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/member"
)

// RunAsUser sets the number of the user that the container runs as. Default: the image's own.
func (c common[B]) RunAsUser(uid int64) B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.RunAsUser = &uid })
}

// RunAsGroup sets the number of the group that the container runs as. Default: the image's own.
func (c common[B]) RunAsGroup(gid int64) B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.RunAsGroup = &gid })
}

// RunAsNonRoot makes the node refuse the container if it would run as user 0. Default: any user will do.
func (c common[B]) RunAsNonRoot() B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.RunAsNonRoot = member.True() })
}

// ReadOnlyRootFilesystem makes all but the mounted volumes read-only.
func (c common[B]) ReadOnlyRootFilesystem() B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.ReadOnlyRootFilesystem = member.True() })
}

// Privileged gives the container elevated rights on the node, like root's.
func (c common[B]) Privileged() B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.Privileged = member.True() })
}

// AllowPrivilegeEscalation says whether a process may gain more rights than its parent. AWS Batch documents false as the
// default; a cluster with the restricted Pod Security Standard wants it said
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/). A privileged container cannot have false.
func (c common[B]) AllowPrivilegeEscalation(allow bool) B {
	return c.secure(func(s *types.EksContainerSecurityContext) { s.AllowPrivilegeEscalation = &allow })
}

func (c common[B]) secure(apply func(*types.EksContainerSecurityContext)) B {
	return c.with(func(p *types.EksContainer) {
		if p.SecurityContext == nil {
			p.SecurityContext = &types.EksContainerSecurityContext{}
		}
		apply(p.SecurityContext)
	})
}
