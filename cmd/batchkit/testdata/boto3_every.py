"""Calls every operation that this boto3 knows, with pages of one, and tags with characters that paths and queries escape."""

import boto3
from botocore.exceptions import ClientError

batch = boto3.client("batch")
called = set()
batch.meta.events.register("provide-client-params.batch.*", lambda model, **_: called.add(model.name))


def pages(operation, member, **given):
    return [x for page in batch.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1}, **given) for x in page[member]]


resources = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]
container = {"image": "acme/app:1", "command": ["true"], "resourceRequirements": resources}
needs = {"consumableResourceList": [{"consumableResource": "licence", "quantity": 1}]}
policy = batch.create_scheduling_policy(name="fair", fairsharePolicy={"shareDistribution": [{"shareIdentifier": "a", "weightFactor": 0.5}]})["arn"]
batch.create_scheduling_policy(name="other")
batch.update_scheduling_policy(arn=policy, fairsharePolicy={"shareDecaySeconds": 60})
batch.create_compute_environment(
    computeEnvironmentName="spot", type="MANAGED",
    computeResources={"type": "SPOT", "maxvCpus": 4, "minvCpus": 0, "allocationStrategy": "SPOT_PRICE_CAPACITY_OPTIMIZED",
                      "instanceTypes": ["m5.large"], "instanceRole": "ecsInstanceRole", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]})
batch.update_compute_environment(computeEnvironment="spot", computeResources={"maxvCpus": 8})
queue = batch.create_job_queue(jobQueueName="fair", priority=1, schedulingPolicyArn=policy,
                               computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "spot"}])["jobQueueArn"]
batch.create_consumable_resource(consumableResourceName="licence", totalQuantity=1)
batch.create_consumable_resource(consumableResourceName="scratch", totalQuantity=1)
batch.update_consumable_resource(consumableResource="licence", operation="ADD", quantity=4)
for revision in range(3):
    batch.register_job_definition(jobDefinitionName="app", type="container", containerProperties=container, consumableResourceProperties=needs, schedulingPriority=1)
jobs = [batch.submit_job(jobName=f"j{n}", jobQueue=queue, jobDefinition="app", shareIdentifier="a")["jobId"] for n in range(3)]
array = batch.submit_job(jobName="array", jobQueue="fair", jobDefinition="app:1", shareIdentifier="a", arrayProperties={"size": 2}, dependsOn=[{"jobId": jobs[0]}])["jobId"]

print([d["revision"] for d in pages("describe_job_definitions", "jobDefinitions", jobDefinitionName="app")])
print([q["jobQueueName"] for q in pages("describe_job_queues", "jobQueues")])
print([e["computeEnvironmentName"] for e in pages("describe_compute_environments", "computeEnvironments")])
print([p["arn"].rpartition("/")[2] for p in pages("list_scheduling_policies", "schedulingPolicies")])
print([c["consumableResourceName"] for c in pages("list_consumable_resources", "consumableResources")])
print([j["jobName"] for j in pages("list_jobs", "jobSummaryList", jobQueue="fair", filters=[{"name": "JOB_NAME", "values": ["J*"]}])])
print([j["arrayProperties"]["index"] for j in pages("list_jobs", "jobSummaryList", arrayJobId=array, jobStatus="PENDING")])
print(len(pages("list_jobs_by_consumable_resource", "jobs", consumableResource="licence")))
print(batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"][0]["fairsharePolicy"])
print(batch.describe_consumable_resource(consumableResource="licence")["inUseQuantity"])
print(len(batch.get_job_queue_snapshot(jobQueue="fair")["frontOfQueue"]["jobs"]))

odd = {"a b/c+d=e:f@g_é": "1", "plain": ""}
batch.tag_resource(resourceArn=queue, tags=odd)
print(batch.list_tags_for_resource(resourceArn=queue)["tags"] == odd)
batch.untag_resource(resourceArn=queue, tagKeys=list(odd))
print(batch.list_tags_for_resource(resourceArn=queue)["tags"])

batch.cancel_job(jobId=array, reason="enough")
batch.terminate_job(jobId=jobs[1], reason="enough")
statuses = []
while statuses != ["FAILED", "FAILED"]:
    statuses = [j["status"] for j in batch.describe_jobs(jobs=[array, jobs[1]])["jobs"]]
print(statuses)
batch.update_job_queue(jobQueue="fair", state="DISABLED")
batch.delete_job_queue(jobQueue="fair")
batch.update_compute_environment(computeEnvironment="spot", state="DISABLED")
batch.delete_compute_environment(computeEnvironment="spot")
batch.delete_scheduling_policy(arn=policy)
batch.delete_consumable_resource(consumableResource="licence")
batch.deregister_job_definition(jobDefinition="app:1")

# What is left are service jobs, service environments and quota shares.
for name in sorted(set(batch.meta.service_model.operation_names) - called):
    if "Service" not in name and "QuotaShare" not in name:
        print("not called:", name)
try:
    batch.list_service_jobs(jobQueue="fair")
except ClientError as e:
    print(e.response["ResponseMetadata"]["HTTPStatusCode"], e.response["Error"]["Code"], e.response["Error"]["Message"])
