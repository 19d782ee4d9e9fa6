package batchtest

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Names of what runs the jobs: hosts, and on Amazon EKS pods. Plain jobs run on
// host 0, node n of a multi-node parallel job on host n.

// hostName is the name of a node of the Kubernetes cluster.
func hostName(host int) string { return fmt.Sprintf("ip-10-0-%d-%d.ec2.internal", host>>8, host&0xff) }

// hostUID is the UID of a node of the Kubernetes cluster.
func (s *Server) hostUID(host int) string { return uuid(newSource(s.settings.seed, 4+uint64(host))) }

// hostAddress is where runners on any host can reach one another: all of them
// are on this machine.
const hostAddress = "127.0.0.1"

// podName is the name of the pod for the attempt whose task has an id.
func podName(task string) string {
	return "aws-batch." + task[:8] + "-" + task[8:12] + "-" + task[12:16] + "-" + task[16:20] + "-" + task[20:]
}

// containerID is the id of a container of a pod, in the form of containerd.
func containerID(task string, container int) string {
	return fmt.Sprintf("containerd://%s%032x", task, container)
}

// eksClusterARN is the ARN of the cluster behind a compute environment.
func (s *Server) eksClusterARN(e *environment) string {
	if c := e.detail.EksConfiguration; c != nil {
		return aws.ToString(c.EksClusterArn)
	}
	return s.settings.arnsOf("eks") + "cluster/" + clusterName
}
