package iam_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/iam"
)

// What a schedule needs that submits one job, and nothing more.
func ExampleForPlan() {
	plan, err := batchkit.Job("nightly", "night", batchkit.ContainerRef("report:7")).Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, _, err := iam.ForPlan(plan, iam.Where{Region: "eu-west-1", Account: "123456789012"}, iam.Trigger)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(policy.JSON())
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "SubmitJobs",
	//       "Effect": "Allow",
	//       "Action": [
	//         "batch:SubmitJob"
	//       ],
	//       "Resource": [
	//         "arn:aws:batch:eu-west-1:123456789012:job-definition/report:7",
	//         "arn:aws:batch:eu-west-1:123456789012:job-queue/night",
	//         "arn:aws:batch:eu-west-1:123456789012:job/*"
	//       ]
	//     }
	//   ]
	// }
}

func ExampleTrust() {
	fmt.Print(iam.Trust(iam.ServiceRole, iam.Where{}).JSON())
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "Assume",
	//       "Effect": "Allow",
	//       "Principal": {
	//         "Service": "batch.amazonaws.com"
	//       },
	//       "Action": [
	//         "sts:AssumeRole"
	//       ]
	//     }
	//   ]
	// }
}
