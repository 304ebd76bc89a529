package policy

import (
	"slices"
	"strings"
)

type queryPair struct{ name, value string }

// queryPairs returns the parameters of a query as forms write it, in their order. What is not decodable is empty.
func queryPairs(query string) []queryPair {
	var pairs []queryPair
	for pair := range strings.SplitSeq(strings.TrimPrefix(query, "?"), "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		pairs = append(pairs, queryPair{formDecoded(name), formDecoded(value)})
	}
	return pairs
}

// QueryNames is what is told of a query: which parameters it has, each once.
func QueryNames(query string) []string {
	var names []string
	for _, pair := range queryPairs(query) {
		if pair.name != "" && !slices.Contains(names, pair.name) {
			names = append(names, pair.name)
		}
	}
	return names
}

func formDecoded(text string) string {
	plain, _ := unescape(strings.ReplaceAll(text, "+", " "))
	return plain
}
