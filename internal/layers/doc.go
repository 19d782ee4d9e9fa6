// Package layers holds the test that keeps the architecture true: which package may import which.
package layers
