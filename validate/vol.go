package validate

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const (
	volumeReference = apiReference + "API_Volume.html"
	efsReference    = apiReference + "API_EFSVolumeConfiguration.html"
	efsAuthorizing  = apiReference + "API_EFSAuthorizationConfig.html"

	maxPort          = 65535
	maxVolumeName    = 255
	maxRootDirectory = 4096
)

var (
	fileSystemID = regexp.MustCompile(`^fs-[0-9a-f]+$`)
)

// volRules are the rules of the volumes of an ECS task.
var volRules = []Rule{
	{
		ID: "VOL001", Title: "a volume is on the host, in Amazon EFS or in S3 Files, and in one of them only",
		Severity: Error, Platforms: ECS, Source: volumeReference,
		Service: "When the volume parameter is specified, only one volume configuration type should be used.",
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			var found []string
			if v.Host != nil {
				found = append(found, "host")
			}
			if v.EfsVolumeConfiguration != nil {
				found = append(found, "efsVolumeConfiguration")
			}
			if v.S3filesVolumeConfiguration != nil {
				found = append(found, "s3filesVolumeConfiguration")
			}
			if len(found) > 1 {
				p.fail(here, "must have one of host, efsVolumeConfiguration and s3filesVolumeConfiguration, found %s: keep one and declare a further volume for the other", strings.Join(found, " and "))
			}
		}),
	},
	{
		ID: "VOL002", Title: "the name of a volume is 1 to 255 letters, digits, hyphens and underscores",
		Severity: Error, Platforms: ECS, Source: volumeReference,
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			switch name := str(v.Name); {
			case name == "":
				p.fail(at("name"), "must be set: mount points refer to the volume by its name")
			case len(name) > maxVolumeName || !nameLetters.writes(name):
				p.fail(at("name"), "must be at most 255 letters, digits, hyphens and underscores, found %s", excerpt(name))
			}
		}),
	},
	{
		ID: "VOL003", Title: "volume names are unique in a task",
		Severity: Error, Platforms: ECS, Source: volumeReference,
		reads: []string{"name", "volumes"},
		check: onTask(func(p *pass, t *task) {
			for i := range t.volumes {
				name := str(t.volumes[i].Name)
				for j := range t.volumes[:i] {
					if name != "" && str(t.volumes[j].Name) == name {
						p.fail(at("volumes", i, "name"), "must be unique in the task, found %s again: rename one of the volumes", excerpt(name))
						break
					}
				}
			}
		}),
	},
	{
		ID: "VOL004", Title: "fileSystemId is the id of an Amazon EFS file system",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-efs-file-system-id-format",
		Service: "EFS configuration fileSystemId is not valid: X.",
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			// One that is absent is JD022's.
			if id := efs.FileSystemId; id != nil && !fileSystemID.MatchString(*id) {
				p.fail(at("fileSystemId"), "must be fs- and hexadecimal digits, found %s: take the id of the file system, not its name or ARN", excerpt(*id)).saying(*id)
			}
		}),
	},
	{
		ID: "VOL005", Title: "with an access point the root directory is / or left out",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-efs-access-point-root-directory",
		Service: `When using an EFS access point, the root directory must either be set to "/" or be omitted.`,
		reads:   []string{"accessPointId", "accessPointArn", "authorizationConfig"},
		check: several{
			onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
				if root := str(efs.RootDirectory); accessPoint(efs) && root != "" && root != "/" {
					p.fail(at("rootDirectory"), pointsElsewhere, excerpt(root))
				}
			}),
			onS3Files(func(p *pass, s3 *types.S3FilesVolumeConfiguration) {
				if root := str(s3.RootDirectory); str(s3.AccessPointArn) != "" && root != "" && root != "/" {
					p.fail(at("s3filesVolumeConfiguration", "rootDirectory"), pointsElsewhere, excerpt(root)).Service = ""
				}
			}),
		},
	},
	{
		ID: "VOL006", Title: "an access point needs encryption in transit",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-efs-access-point-transit-encryption",
		Service: "EFS IAM access point requires TransitEncryption to be enabled.",
		reads:   []string{"accessPointId", "authorizationConfig"},
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			if accessPoint(efs) && unencrypted(efs) {
				p.fail(at("transitEncryption"), "must be ENABLED with an access point, found %s", orDefault(efs))
			}
		}),
	},
	{
		ID: "VOL007", Title: "IAM authorisation for Amazon EFS needs encryption in transit",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-efs-iam-transit-encryption",
		Service: "EFS IAM authorization requires TransitEncryption to be enabled.",
		reads:   []string{"accessPointId", "authorizationConfig", "iam", "transitEncryption"},
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			// With an access point it is the same fault, and VOL006's.
			if authorizes(efs) && !accessPoint(efs) && unencrypted(efs) {
				p.fail(at("transitEncryption"), "must be ENABLED with IAM authorisation, found %s", orDefault(efs))
			}
		}),
	},
	{
		// The API reference asks for a role. A sample of the user guide has none.
		ID: "VOL008", Title: "IAM authorisation for Amazon EFS needs a role",
		Severity: Warning, Platforms: ECS, Source: efsAuthorizing,
		reads: []string{"jobRoleArn", "taskRoleArn"},
		check: onEFS(func(p *pass, t *task, efs *types.EFSVolumeConfiguration) {
			if authorizes(efs) && str(t.role) == "" {
				p.fail(at("authorizationConfig", "iam"), "needs a role that may mount the file system, found none: set %s, or iam to DISABLED", t.roleMember)
			}
		}),
	},
	{
		ID: "VOL009", Title: "transitEncryptionPort is 0 to 65535",
		Severity: Error, Platforms: ECS, Source: cdkPreflight + "pf-batch-jd-efs-transit-encryption-port-range",
		Service: "TransitEncryptionPort must be a valid port number.",
		check: several{
			onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
				if port := num(efs.TransitEncryptionPort); port < 0 || port > maxPort {
					p.fail(at("transitEncryptionPort"), noPort, maxPort, port)
				}
			}),
			onS3Files(func(p *pass, s3 *types.S3FilesVolumeConfiguration) {
				if port := num(s3.TransitEncryptionPort); port < 0 || port > maxPort {
					p.fail(at("s3filesVolumeConfiguration", "transitEncryptionPort"), noPort, maxPort, port).Service = ""
				}
			}),
		},
	},
	{
		ID: "VOL010", Title: "transitEncryptionPort goes with encryption in transit",
		Severity: Warning, Platforms: ECS, Source: efsReference,
		reads: []string{"accessPointId", "authorizationConfig", "iam", "transitEncryption"},
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			// Where encryption has to be on anyway, its absence is VOL006's or VOL007's.
			if efs.TransitEncryptionPort != nil && unencrypted(efs) && !accessPoint(efs) && !authorizes(efs) {
				p.fail(at("transitEncryptionPort"), "has no effect without encryption: set transitEncryption to ENABLED or remove the port")
			}
		}),
	},
	{
		ID: "VOL011", Title: "rootDirectory is at most 4096 characters",
		Severity: Warning, Platforms: ECS, Source: efsReference,
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			if n := utf8.RuneCountInString(str(efs.RootDirectory)); n > maxRootDirectory {
				p.fail(at("rootDirectory"), "must be at most %d characters, found %d", maxRootDirectory, n)
			}
		}),
	},
	{
		ID: "VOL012", Title: "transitEncryption and iam are ENABLED or DISABLED",
		Severity: Error, Platforms: ECS, Source: efsReference,
		check: onEFS(func(p *pass, _ *task, efs *types.EFSVolumeConfiguration) {
			switch efs.TransitEncryption {
			case "", types.EFSTransitEncryptionEnabled, types.EFSTransitEncryptionDisabled:
			default:
				p.fail(at("transitEncryption"), "must be ENABLED or DISABLED, found %s", excerpt(string(efs.TransitEncryption)))
			}
			if efs.AuthorizationConfig == nil {
				return
			}
			switch iam := efs.AuthorizationConfig.Iam; iam {
			case "", types.EFSAuthorizationConfigIAMEnabled, types.EFSAuthorizationConfigIAMDisabled:
			default:
				p.fail(at("authorizationConfig", "iam"), "must be ENABLED or DISABLED, found %s", excerpt(string(iam)))
			}
		}),
	},
	{
		ID: "VOL013", Title: "a volume of S3 Files names its file system",
		Severity: Error, Platforms: Fargate | ManagedInstances, Source: apiReference + "API_S3FilesVolumeConfiguration.html",
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			if s3 := v.S3filesVolumeConfiguration; s3 != nil && str(s3.FileSystemArn) == "" {
				p.fail(at("s3filesVolumeConfiguration", "fileSystemArn"), "must be set: the ARN of the file system")
			}
		}),
	},
	{
		ID: "VOL014", Title: "a volume of S3 Files needs a role",
		Severity: Error, Platforms: Fargate | ManagedInstances, Source: userGuide + "s3files-volumes.html",
		Service: "A jobRoleArn/taskRoleArn is required when using s3filesVolumeConfiguration.",
		reads:   []string{"jobRoleArn", "taskRoleArn"},
		check: onVolume(func(p *pass, t *task, v *types.Volume) {
			if v.S3filesVolumeConfiguration != nil && str(t.role) == "" {
				p.fail(at("s3filesVolumeConfiguration"), "must be absent where the job has no role: set %s", t.roleMember)
			}
		}),
	},
	{
		// Registration goes through. The job fails when its task is launched.
		ID: "VOL015", Title: "S3 Files is not for EC2",
		Severity: Error, Platforms: EC2 | MultiNode, Source: userGuide + "s3files-volumes.html",
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			if v.S3filesVolumeConfiguration != nil {
				p.fail(at("s3filesVolumeConfiguration"), "must be absent on EC2, where the job would fail at its start: use Fargate, or efsVolumeConfiguration")
			}
		}),
	},
	{
		ID: "VOL017", Title: "a path on the host is absolute",
		Severity: Warning, Platforms: EC2 | MultiNode, Source: apiReference + "API_Host.html",
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			if v.Host == nil {
				return
			}
			if path := str(v.Host.SourcePath); path != "" && !strings.HasPrefix(path, "/") {
				p.fail(at("host", "sourcePath"), "should be absolute, found %s: begin it with a slash", excerpt(path))
			}
		}),
	},
}

// The words for both kinds of volumes that are mounted over the network.
const (
	pointsElsewhere = "must be / or absent, because an access point sets the path, found %s: remove rootDirectory"
	noPort          = "must be 0 to %d, found %d: leave it out to have a port chosen"
)

// onS3Files sees each volume of S3 Files, the path leading to the volume.
func onS3Files(check func(*pass, *types.S3FilesVolumeConfiguration)) onVolume {
	return func(p *pass, _ *task, v *types.Volume) {
		if v.S3filesVolumeConfiguration != nil {
			check(p, v.S3filesVolumeConfiguration)
		}
	}
}

// accessPoint reports whether the volume is reached through an access point.
func accessPoint(efs *types.EFSVolumeConfiguration) bool {
	return efs.AuthorizationConfig != nil && str(efs.AuthorizationConfig.AccessPointId) != ""
}

// authorizes reports whether the volume is mounted with the job's role.
func authorizes(efs *types.EFSVolumeConfiguration) bool {
	return efs.AuthorizationConfig != nil && efs.AuthorizationConfig.Iam == types.EFSAuthorizationConfigIAMEnabled
}

// unencrypted reports whether encryption in transit is off. A word that is neither on nor off is VOL012's.
func unencrypted(efs *types.EFSVolumeConfiguration) bool {
	return efs.TransitEncryption == "" || efs.TransitEncryption == types.EFSTransitEncryptionDisabled
}

// orDefault says for a message that encryption in transit is off.
func orDefault(efs *types.EFSVolumeConfiguration) string {
	if efs.TransitEncryption == "" {
		return "nothing, which is DISABLED"
	}
	return string(efs.TransitEncryption)
}
