// Package size gives memory its unit, for the builders that share it.
package size

// Memory is an amount of memory in MiB, the unit of AWS Batch: 512*MiB, 2*GiB, or plain 512.
type Memory int

// The units of memory.
const (
	MiB Memory = 1
	GiB Memory = 1024 * MiB
)
