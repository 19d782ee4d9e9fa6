package parts

import (
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/member"
)

// EFSOptions are what a volume on Amazon EFS may be told.
// See https://docs.aws.amazon.com/batch/latest/userguide/efs-volumes.html.
type EFSOptions struct {
	// RootDirectory is the folder of the file system that becomes the volume's root, at most 4,096 characters. Default: /.
	// With an access point leave it out; the access point has a root of its own.
	RootDirectory string
	// AccessPoint is the id of an access point, such as fsap-0123456789abcdef0. It switches Encrypt on, which it needs.
	AccessPoint string
	// IAM makes the job's role decide on access. It needs that role, and switches Encrypt on.
	IAM bool
	// Encrypt encrypts what travels between the job and the file system.
	Encrypt bool
	// Port is where the encrypted traffic goes, 0 to 65,535; it needs Encrypt. Default: chosen by the mount helper.
	Port int
}

// EFS is a file system of Amazon EFS, given by its id, such as fs-0123456789abcdef0, for the EFSVolume methods.
func EFS(fileSystem string, o EFSOptions) types.EFSVolumeConfiguration {
	v := types.EFSVolumeConfiguration{FileSystemId: &fileSystem, RootDirectory: text(o.RootDirectory), TransitEncryptionPort: port(o.Port)}
	if o.Encrypt || o.IAM || o.AccessPoint != "" {
		v.TransitEncryption = types.EFSTransitEncryptionEnabled
	}
	if o.IAM || o.AccessPoint != "" {
		v.AuthorizationConfig = &types.EFSAuthorizationConfig{AccessPointId: text(o.AccessPoint)}
	}
	if o.IAM {
		v.AuthorizationConfig.Iam = types.EFSAuthorizationConfigIAMEnabled
	}
	return v
}

// S3FilesOptions are what a volume on Amazon S3 Files may be told.
// See https://docs.aws.amazon.com/batch/latest/userguide/s3files-volumes.html.
type S3FilesOptions struct {
	// RootDirectory is the folder of the file system that becomes the volume's root. Default: /. With an access point leave
	// it out; the access point has a root of its own.
	RootDirectory string
	// AccessPoint is the ARN of an access point of the file system.
	AccessPoint string
	// Port is where the encrypted traffic goes, 0 to 65,535. Default: chosen by the mount helper.
	Port int
}

// S3Files is a file system of Amazon S3 Files, given by its ARN, for the S3FilesVolume methods. The job needs a role, and
// runs on Fargate.
func S3Files(fileSystem string, o S3FilesOptions) types.S3FilesVolumeConfiguration {
	return types.S3FilesVolumeConfiguration{
		FileSystemArn: &fileSystem, RootDirectory: text(o.RootDirectory),
		AccessPointArn: text(o.AccessPoint), TransitEncryptionPort: port(o.Port),
	}
}

// SecretKey names one value of a secret of Secrets Manager that holds a JSON object, for the Secret methods: the
// secret's full ARN and the key. On Fargate it needs platform version 1.4.0 or LATEST.
// See https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data-secrets.html.
func SecretKey(arn, key string) string { return arn + ":" + key + "::" }

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func port(n int) *int32 {
	if n == 0 {
		return nil
	}
	return member.Int32(n)
}
