"""Runs a job of two containers on the service that AWS_ENDPOINT_URL_BATCH names, and prints what came of it."""

import boto3

client = boto3.client("batch")
size = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]
client.register_job_definition(
    jobDefinitionName="pair",
    type="container",
    ecsProperties={
        "taskProperties": [
            {
                "containers": [
                    {"name": "tool", "image": "acme/tool:1", "essential": False, "resourceRequirements": size},
                    {
                        "name": "app",
                        "image": "acme/app:1",
                        "resourceRequirements": size,
                        "dependsOn": [{"containerName": "tool", "condition": "SUCCESS"}],
                    },
                ]
            }
        ]
    },
)
job = client.submit_job(jobName="j", jobQueue="default", jobDefinition="pair")["jobId"]
status = ""
while status not in ("SUCCEEDED", "FAILED"):
    detail = client.describe_jobs(jobs=[job])["jobs"][0]
    status = detail["status"]
containers = detail["ecsProperties"]["taskProperties"][0]["containers"]
print(status, *[f"{c['name']}={c['exitCode']}" for c in containers])
print(*[j["jobName"] for j in client.list_jobs(jobQueue="default", jobStatus="SUCCEEDED")["jobSummaryList"]])
try:
    client.submit_job(jobName="j", jobQueue="default", jobDefinition="nope")
except client.exceptions.ClientException as refused:
    print(refused.response["ResponseMetadata"]["HTTPStatusCode"], refused.response["Error"]["Code"])
