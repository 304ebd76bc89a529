// Package policy has the rules by which every SDK of UsageFlow behaves: who may use what, what may leave the
// process, and when to try again. Pure functions without I/O, clock or chance.
//
// The folder sdks/conformance says the same in JSON, and conformance_test.go holds this package against it.
// Times are in milliseconds, and the length of a text is counted in units of UTF-16, as the API counts.
package policy
