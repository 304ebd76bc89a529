module github.com/usageflow/go

go 1.25.0
