"""Lets a virtual minute pass for a job, and prints what it wrote, as Amazon CloudWatch Logs has it."""

import json
import os
import urllib.request

import boto3

batch, logs = boto3.client("batch"), boto3.client("logs")


def advance(seconds):
    url = os.environ["AWS_ENDPOINT_URL_BATCH"] + "/_batchkit/advance"
    with urllib.request.urlopen(url, data=json.dumps({"seconds": seconds}).encode()) as answer:
        return json.load(answer)["now"]


batch.register_job_definition(
    jobDefinitionName="talk",
    type="container",
    containerProperties={
        "image": "acme/talk:1",
        "command": ["sh", "-c", "echo one; echo two >&2; echo three"],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}],
    },
)
job = batch.submit_job(jobName="j", jobQueue="default", jobDefinition="talk")["jobId"]
print(batch.describe_jobs(jobs=[job])["jobs"][0]["status"])
print(advance(180))
detail = batch.describe_jobs(jobs=[job])["jobs"][0]
print(detail["status"], detail["stoppedAt"] - detail["createdAt"])

where = {"logGroupName": "/aws/batch/job", "logStreamName": detail["container"]["logStreamName"]}
answer, token, seen = None, "", []
while answer is None or answer["nextForwardToken"] != token:
    token = answer["nextForwardToken"] if answer else ""
    more = {"nextToken": token} if token else {}
    answer = logs.get_log_events(**where, startFromHead=True, limit=2, **more)
    seen += [e["message"] for e in answer["events"]]
print(*sorted(seen))
pages = logs.get_paginator("filter_log_events").paginate(logGroupName="/aws/batch/job", filterPattern="?one ?three")
print(*sorted(e["message"] for page in pages for e in page["events"]))
print(*[s["logStreamName"] == where["logStreamName"] for s in logs.describe_log_streams(logGroupName="/aws/batch/job")["logStreams"]])
try:
    logs.get_log_events(logGroupName="/nope", logStreamName="nope")
except logs.exceptions.ResourceNotFoundException as missing:
    print(missing.response["Error"]["Message"])
