package main

// trap is what people write first. Step Functions adds containerOverrides to it by itself.
const trap = `{
  "StartAt": "Lead",
  "States": {
    "Lead": {
      "Type": "Task",
      "Resource": "arn:aws:states:::batch:submitJob.sync",
      "Parameters": {"JobName": "trapped", "JobQueue": "default", "JobDefinition": "leader"},
      "End": true
    }
  }
}`

// intermediary asks a function to submit, and looks at the job until it has ended.
const intermediary = `{
  "StartAt": "Submit",
  "States": {
    "Submit": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {
        "FunctionName": "submit",
        "Payload": {
          "jobName": "by-lambda", "jobQueue": "default", "jobDefinition": "leader",
          "containerOverrides": {"environment": [{"name": "MANAGED_BY_AWS", "value": "STARTED_BY_STEP_FUNCTIONS"}]}
        }
      },
      "ResultSelector": {"JobId.$": "$.Payload.jobId"},
      "ResultPath": "$.job",
      "Next": "Look"
    },
    "Look": {
      "Type": "Task",
      "Resource": "arn:aws:states:::aws-sdk:batch:describeJobs",
      "Parameters": {"Jobs.$": "States.Array($.job.JobId)"},
      "ResultSelector": {"Status.$": "$.Jobs[0].Status"},
      "ResultPath": "$.seen",
      "Next": "Ended?"
    },
    "Ended?": {
      "Type": "Choice",
      "Choices": [
        {"Variable": "$.seen.Status", "StringEquals": "SUCCEEDED", "Next": "Done"},
        {"Variable": "$.seen.Status", "StringEquals": "FAILED", "Next": "Failed"}
      ],
      "Default": "Wait"
    },
    "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Look"},
    "Done": {"Type": "Succeed"},
    "Failed": {"Type": "Fail", "Error": "JobFailed", "Cause": "the job failed"}
  }
}`
