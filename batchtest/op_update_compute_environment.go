package batchtest

// UpdateComputeEnvironment
//
// Members that are given replace those of the environment, named by name or
// ARN; others stay. The environment is VALID again at once, and nothing that
// runs in it is disturbed. While it is DISABLED no job is placed in it; jobs of
// queues that have no other environment for them stay RUNNABLE.
//
// Of computeResources, an empty text removes what it could name. The type
// changes only between EC2 and SPOT, and between FARGATE and FARGATE_SPOT.
// unmanagedvCpus is for unmanaged environments, computeResources for managed
// ones. desiredvCpus launches instances, and never ends any: neither it nor
// maxvCpus may become less than what is there.
//
// What replaces the instances in the service, such as other instance types, needs
// an allocation strategy other than BEST_FIT, which is the default, and the
// service-linked role; a role of one kind is not changed for one of the other. Here
// jobs stay on their instances; those whose type is not listed any more get no new
// jobs and end when they are idle. updatePolicy is stored and has no effect.

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func (s *Server) updateComputeEnvironment(in *batch.UpdateComputeEnvironmentInput) (*batch.UpdateComputeEnvironmentOutput, error) {
	var out *batch.UpdateComputeEnvironmentOutput
	var err error
	if !s.update(func() { out, err = s.replaceEnvironment(in) }) {
		return nil, ErrClosed
	}
	return out, err
}

// replaceEnvironment puts an updated environment in the place of another. The
// caller holds mu.
func (s *Server) replaceEnvironment(in *batch.UpdateComputeEnvironmentInput) (*batch.UpdateComputeEnvironmentOutput, error) {
	reference := aws.ToString(in.ComputeEnvironment)
	before, ok := s.environment(reference)
	switch {
	case reference == "":
		return nil, refuse("computeEnvironment must be provided")
	case !ok && isARN(reference):
		return nil, refuse("%s does not exist", reference)
	case !ok:
		return nil, refuse("%s does not exist", s.arn(kindEnvironment, reference))
	case in.State != "" && in.State != types.CEStateEnabled && in.State != types.CEStateDisabled:
		return nil, refuse("state must be ENABLED or DISABLED, found %q", in.State)
	case in.UnmanagedvCpus != nil && before.detail.Type != types.CETypeUnmanaged:
		return nil, refuse("unmanagedvCpus is not applicable for managed Compute Environments")
	case in.ComputeResources != nil && before.detail.ComputeResources == nil:
		return nil, refuse("computeResources must be absent, because the compute environment has none")
	}
	if err := checkUpdatePolicy(in.UpdatePolicy); err != nil {
		return nil, err
	}
	if was := before.detail; in.ServiceRole != nil && was.Type == types.CETypeManaged && isLinked(in.ServiceRole) != isLinked(was.ServiceRole) {
		return nil, refuse("serviceRole can not change between the service-linked role %s and another", linkedRole)
	}
	e := *before
	d := &e.detail
	if in.State != "" {
		d.State = in.State
	}
	replace(&d.Context, in.Context)
	replace(&d.ServiceRole, in.ServiceRole)
	replace(&d.UnmanagedvCpus, in.UnmanagedvCpus)
	replace(&d.UpdatePolicy, in.UpdatePolicy)
	var desired *int32
	if in.ComputeResources != nil {
		desired = in.ComputeResources.DesiredvCpus
		updated, err := updatedResources(*d.ComputeResources, in.ComputeResources)
		if err != nil {
			return nil, err
		}
		if err := checkReplacement(&before.detail, updated, in.ComputeResources); err != nil {
			return nil, err
		}
		if err := e.pool.fleet.checkScaling(updated); err != nil {
			return nil, err
		}
		d.ComputeResources = updated
		e.runs = platformsOf(d)
	}
	e.pool.environment = &e
	s.resize(e.pool, desired)
	s.environments[*d.ComputeEnvironmentName] = &e
	return &batch.UpdateComputeEnvironmentOutput{ComputeEnvironmentArn: d.ComputeEnvironmentArn, ComputeEnvironmentName: d.ComputeEnvironmentName}, nil
}

// updatedResources returns compute resources with an update laid over them.
func updatedResources(r types.ComputeResource, u *types.ComputeResourceUpdate) (*types.ComputeResource, error) {
	switch {
	case u.Type != "" && !slices.Contains(u.Type.Values(), u.Type):
		return nil, refuse("computeResources.type must be one of %v, found %q", u.Type.Values(), u.Type)
	case u.Type != "" && onFargate(u.Type) != onFargate(r.Type):
		return nil, refuse("computeResources.type can not change between instances and Fargate, found %s for %s", u.Type, r.Type)
	case u.AllocationStrategy != "" && !slices.Contains(u.AllocationStrategy.Values(), u.AllocationStrategy):
		return nil, refuse("computeResources.allocationStrategy must be one of %v, found %q", u.AllocationStrategy.Values(), u.AllocationStrategy)
	}
	if u.Type != "" {
		r.Type = u.Type
	}
	if u.AllocationStrategy != "" {
		r.AllocationStrategy = types.CRAllocationStrategy(u.AllocationStrategy)
	}
	replace(&r.BidPercentage, u.BidPercentage)
	r.DesiredvCpus = u.DesiredvCpus // what was desired once is no longer so
	replace(&r.MaxvCpus, u.MaxvCpus)
	replace(&r.MinvCpus, u.MinvCpus)
	replace(&r.LaunchTemplate, u.LaunchTemplate)
	replace(&r.ScalingPolicy, u.ScalingPolicy)
	replaceText(&r.Ec2KeyPair, u.Ec2KeyPair)
	replaceText(&r.InstanceRole, u.InstanceRole)
	replaceText(&r.PlacementGroup, u.PlacementGroup)
	updateLegacy(&r, u)
	replaceAll(&r.Ec2Configuration, u.Ec2Configuration)
	replaceAll(&r.InstanceTypes, u.InstanceTypes)
	replaceAll(&r.SecurityGroupIds, u.SecurityGroupIds)
	replaceAll(&r.Subnets, u.Subnets)
	if u.Tags != nil {
		r.Tags = u.Tags
	}
	return &r, checkResources(&r)
}

// linkedRole is the role that AWS Batch makes for itself, and has where none is
// given.
const linkedRole = "AWSServiceRoleForBatch"

func isLinked(role *string) bool { return role == nil || strings.HasSuffix(*role, linkedRole) }

// infrastructure are the members whose change replaces the instances:
// https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html
var infrastructure = []string{
	"AllocationStrategy", "BidPercentage", "Ec2Configuration", "Ec2KeyPair", "ImageId", "InstanceRole", "InstanceTypes",
	"LaunchTemplate", "PlacementGroup", "SecurityGroupIds", "Subnets", "Tags", "Type",
}

// checkReplacement refuses an update that would replace instances where the
// service does not.
func checkReplacement(was *types.ComputeEnvironmentDetail, now *types.ComputeResource, u *types.ComputeResourceUpdate) error {
	if onFargate(now.Type) {
		return nil
	}
	a, b := reflect.ValueOf(was.ComputeResources).Elem(), reflect.ValueOf(now).Elem()
	i := slices.IndexFunc(infrastructure, func(name string) bool {
		before := a.FieldByName(name)
		return before.IsValid() && !reflect.DeepEqual(before.Interface(), b.FieldByName(name).Interface())
	})
	var changed string
	switch {
	case i >= 0:
		changed = strings.ToLower(infrastructure[i][:1]) + infrastructure[i][1:]
	case aws.ToBool(u.UpdateToLatestImageVersion):
		changed = "updateToLatestImageVersion"
	default:
		return nil
	}
	const best = types.CRAllocationStrategyBestFit
	switch {
	case cmp.Or(was.ComputeResources.AllocationStrategy, best) == best:
		return refuse("computeResources.%s can not change: infrastructure updates are not supported with the allocation strategy %s", changed, best)
	case was.Type == types.CETypeManaged && !isLinked(was.ServiceRole):
		return refuse("computeResources.%s can not change: infrastructure updates need the service role %s", changed, linkedRole)
	}
	return nil
}

// checkScaling refuses an update that would end instances. There may be no fleet.
func (f *fleet) checkScaling(r *types.ComputeResource) error {
	switch {
	case f == nil:
	case r.DesiredvCpus != nil && *r.DesiredvCpus < f.desired():
		return refuse("Manually scaling down compute environment is not supported.  Disconnecting job queues from compute environment will cause it to scale-down to minvCpus.") // two spaces, as in the service
	case r.DesiredvCpus == nil && aws.ToInt32(r.MaxvCpus) < f.desired():
		return refuse("desiredvCpus should be between minvCpus and maxvCpus.")
	}
	return nil
}

func replace[T any](to **T, with *T) {
	if with != nil {
		*to = with
	}
}

func replaceAll[T any](to *[]T, with []T) {
	if with != nil {
		*to = with
	}
}

// replaceText removes a text that is replaced by an empty one.
func replaceText(to **string, with *string) {
	replace(to, with)
	if aws.ToString(*to) == "" {
		*to = nil
	}
}
