// Package core has all of UsageFlow for Go that needs no framework: the client, which sends usage, and the agent, which
// limits and meters the requests of an http.Handler. It depends on the standard library alone.
package core
