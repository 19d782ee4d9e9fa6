// Package docker runs the containers of an embedded AWS Batch as real ones: on
// the Docker Engine of this machine, or on anything else that serves its API,
// such as Podman.
//
//	runner, err := docker.New()
//	…
//	s := batchtest.Start(t, batchtest.WithFallback(batchtest.Image{Run: runner}))
//
// Images are then pulled where they are missing, and a job's containers run
// with the command, the environment, the user, the share of CPU and the limit of
// memory that its definition gives them. The volumes of the task are bind mounts
// of the folders that Go functions see as well, so containers of both kinds can
// share one. Output goes to the job's log. A container that must stop gets
// SIGTERM, and SIGKILL when its stop timeout has passed; it is removed when it
// has ended.
//
// The engine must see the files of this machine, as bind mounts are by path.
// Containers of a task do not share a network; see [WithNetwork]. Devices, GPUs,
// ulimits, tmpfs and log drivers of a definition are left out. Its clock is that
// of the real world, so do not use it inside a testing/synctest bubble or with a
// virtual clock.
//
// It is a module of its own, and needs nothing but the standard library beside
// batchtest: the few calls of the Docker Engine API that it makes are plain HTTP
// over the engine's socket.
package docker
