// Package readme holds the test that keeps the README true: its code is code that compiles, its output is real.
package readme
