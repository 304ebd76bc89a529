package policy

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// checks has, for each file of vectors, what holds one of its cases against our functions. It returns their errors.
var checks = map[string]func(*testing.T, vector) error{
	"balances.json":           checkBalance,
	"breakers.json":           checkBreaker,
	"captures.json":           checkCaptures,
	"counting-routes.json":    checkCounting,
	"durations.json":          checkDuration,
	"identities.json":         checkIdentity,
	"latencies.json":          checkLatency,
	"lease-holders.json":      checkHolder,
	"path-confusion.json":     checkConfusion,
	"rate-limit-headers.json": checkHeaders,
	"rate-limits.json":        checkRateLimit,
	"redaction.json":          checkRedaction,
	"retries.json":            checkRetry,
	"routes.json":             checkRoutes,
}

const (
	manifest = "manifest.json"
	// ofClients is what the clients do alike; the tests of package core read it.
	ofClients = "blueprints.json"
)

func vectorFiles(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(vectorsFolder)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, entry := range entries {
		if name := entry.Name(); filepath.Ext(name) == ".json" && name != manifest && name != ofClients {
			files = append(files, name)
		}
	}
	return files
}

func TestEveryFileOfVectorsIsReadAndHasAsManyCasesAsTheManifestSays(t *testing.T) {
	files := vectorFiles(t)
	equal(t, "files", files, slices.Sorted(maps.Keys(checks)))
	counts := map[string]int{}
	for _, file := range files {
		counts[file] = len(readVectors(t, file))
	}
	var told map[string]int
	readJSON(t, manifest, &told)
	delete(told, ofClients)
	equal(t, "cases", counts, told)
}

func TestEveryVectorHoldsCaseByCase(t *testing.T) {
	for _, file := range vectorFiles(t) {
		t.Run(file, func(t *testing.T) {
			check, ok := checks[file]
			if !ok {
				t.Fatal("nobody knows how to read it")
			}
			names := map[string]bool{}
			for _, each := range readVectors(t, file) {
				if names[each.Name] || each.Name == "" {
					t.Errorf("%q is no name of one case", each.Name)
				}
				names[each.Name] = true
				if err := check(t, each); (err != nil) != each.Error {
					t.Errorf("%s: the error is %v", each.Name, err)
				}
			}
		})
	}
}

// common are the fields of every case.
type common struct {
	Name  string `json:"name"`
	Error bool   `json:"error"`
}

// equalJSON compares what goes over the wire: a number is the same in any type.
func equalJSON(t *testing.T, what string, got any, expected map[string]any) {
	t.Helper()
	equal(t, what, string(must(json.Marshal(got))), string(must(json.Marshal(expected))))
}

func equal(t *testing.T, what string, got, expected any) {
	t.Helper()
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%s: got %+v, expected %+v", what, got, expected)
	}
}
