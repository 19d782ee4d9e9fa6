module github.com/batchkit/batchkit-go/internal/graphbench

go 1.25.0

require (
	github.com/batchkit/batchkit-go v0.0.0
	github.com/dominikbraun/graph v0.23.0
	github.com/heimdalr/dag v1.5.0
	github.com/yourbasic/graph v0.0.0-20210606180040-8ecfec1c2869
	gonum.org/v1/gonum v0.17.0
)

require (
	github.com/emirpasic/gods v1.18.1 // indirect
	github.com/google/uuid v1.3.0 // indirect
)

replace github.com/batchkit/batchkit-go => ../..
