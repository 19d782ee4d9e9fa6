// Runs a job on the service that AWS_ENDPOINT_URL_BATCH names, and prints what came of it and what it wrote.
"use strict";
const { BatchClient, ClientException, DescribeJobsCommand, RegisterJobDefinitionCommand, SubmitJobCommand, paginateListJobs } = require("@aws-sdk/client-batch");
const { CloudWatchLogsClient, FilterLogEventsCommand, GetLogEventsCommand } = require("@aws-sdk/client-cloudwatch-logs");

async function main() {
  const batch = new BatchClient(), logs = new CloudWatchLogsClient();
  const resourceRequirements = [{ type: "VCPU", value: "1" }, { type: "MEMORY", value: "512" }];
  await batch.send(new RegisterJobDefinitionCommand({
    jobDefinitionName: "pair", type: "container",
    ecsProperties: { taskProperties: [{ containers: [
      { name: "tool", image: "acme/tool:1", essential: false, command: ["echo", "ready"], resourceRequirements },
      { name: "app", image: "acme/app:1", command: ["echo", "done"], resourceRequirements, dependsOn: [{ containerName: "tool", condition: "SUCCESS" }] },
    ] }] },
  }));
  const { jobId } = await batch.send(new SubmitJobCommand({ jobName: "j", jobQueue: "default", jobDefinition: "pair" }));
  await fetch(process.env.AWS_ENDPOINT_URL_BATCH + "/_batchkit/advance", { method: "POST", body: '{"seconds": 180}' });
  const { jobs: [job] } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
  const containers = job.ecsProperties.taskProperties[0].containers;
  console.log(job.status, ...containers.map((c) => `${c.name}=${c.exitCode}`));
  for await (const page of paginateListJobs({ client: batch }, { jobQueue: "default", jobStatus: "SUCCEEDED" })) {
    console.log(...page.jobSummaryList.map((s) => s.jobName));
  }
  const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: "/aws/batch/job", logStreamName: containers[1].logStreamName }));
  console.log(...events.map((e) => e.message));
  const found = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/batch/job", filterPattern: "-done" }));
  console.log(...found.events.map((e) => e.message));
  try {
    await batch.send(new SubmitJobCommand({ jobName: "j", jobQueue: "default", jobDefinition: "nope" }));
  } catch (refused) {
    console.log(refused instanceof ClientException, refused.$metadata.httpStatusCode);
  }
}

main().catch((failed) => {
  console.error(failed);
  process.exitCode = 1;
});
