// Package graph draws plans: as DOT for Graphviz, as Mermaid for Markdown, and as SVG, which needs no other program.
//
// A solid arrow is a dependency on success, a double or thick one pairs the children of two arrays (N_TO_N), and a
// dashed one is a gate, which an attached run keeps. DOT and Mermaid write beside it what opens it; in SVG it is red where
// a failure does, and says the rest when it is pointed at. Arrays show their size, barriers are small and have no frame.
// The drawings are deterministic: the same plan gives the same bytes. They hold names and sizes of jobs, and nothing
// else of what a plan says.
package graph
