package policy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reading is one way in which a server may read the path of a request: its segments, decoded, without the slashes.
type reading struct {
	segments []string
	// endsInSlash parts `/a/` from `/a`, which have the same segments. The path of `/` has none, and no slash
	// behind them.
	endsInSlash bool
}

// pathLengthMax bounds what is taken apart: every pattern covers longer paths, and none exempts them.
const pathLengthMax = 8_192

var (
	// pathOrigin is what stands before a path in a whole address, also in one without an authority: then its slash is kept.
	pathOrigin = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*|(/))`)
	// pathAmbiguous is what servers read differently: escapes, what may end a path, backslashes, dots and empty segments.
	pathAmbiguous = regexp.MustCompile(`[%;#\\]|/\.{0,2}/|/\.{1,2}$`)
	pathAnySlash  = regexp.MustCompile(`[/\\]|%2[fF]|%5[cC]`)
	// pathNeedless are escapes of what may stand in a path as it is. Nobody needs them, and some servers leave them.
	pathNeedless = regexp.MustCompile(`%(?:2[146-9a-eA-E]|3[0-9abdABD]|4[0-9a-fA-F]|5[0-9afAF]|6[1-9a-fA-F]|7[0-9aeAE])`)
)

// readingsOf returns every way in which a server may read the target of a request, the plainest first: most have
// one. Servers differ in whether `;` and `#` end a path, whether `%2F` and `\` part segments, whether needless
// escapes are undone, whether empty segments count, and whether `.` and `..` are followed. An application may be
// behind any of them, so we take all combinations. False for a path that is too long to be read.
func readingsOf(target string) ([]reading, bool) {
	path := pathOf(target)
	if IsLonger(path, pathLengthMax) {
		return nil, false
	}
	if !pathAmbiguous.MatchString(path) {
		return []reading{readingFrom(strings.Split(path, "/")[1:])}, true
	}
	var readings []reading
	seen := map[string]bool{}
	for _, segments := range waysToRead(path) {
		each := readingFrom(segments)
		if key := each.key(); !seen[key] {
			seen[key] = true
			readings = append(readings, each)
		}
	}
	return readings, true
}

func waysToRead(path string) [][]string {
	ways := [][]string{}
	for _, whole := range []string{path, beforeAny(path, ";#")} {
		for _, parts := range [][]string{strings.Split(whole, "/")[1:], pathAnySlash.Split(whole, -1)[1:]} {
			for _, decode := range []func(string) string{decoded, asWritten} {
				segments := mapped(parts, decode)
				full := withoutEmpty(segments)
				ways = append(ways, segments, withoutDots(segments), full, withoutDots(full))
			}
		}
	}
	return ways
}

// pathOf cuts the path out of a target, which may be a whole address, as proxies get it; `?` ends the path for
// everybody. Some frameworks serve `*` as `/`.
func pathOf(target string) string {
	if target == "*" {
		return "/"
	}
	path := beforeAny(pathOrigin.ReplaceAllString(target, "$1"), "?")
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + path
}

func beforeAny(text, chars string) string {
	if at := strings.IndexAny(text, chars); at >= 0 {
		return text[:at]
	}
	return text
}

func readingFrom(parts []string) reading {
	last := len(parts) - 1
	if last >= 0 && parts[last] == "" {
		return reading{segments: parts[:last], endsInSlash: last > 0}
	}
	return reading{segments: parts}
}

func (each reading) key() string {
	key := strconv.AppendBool(nil, each.endsInSlash)
	for _, segment := range each.segments {
		key = strconv.AppendQuote(key, segment)
	}
	return string(key)
}

// withoutEmpty keeps the last segment: an empty one is the slash behind the path.
func withoutEmpty(segments []string) []string {
	kept := make([]string, 0, len(segments))
	for at, segment := range segments {
		if segment != "" || at == len(segments)-1 {
			kept = append(kept, segment)
		}
	}
	return kept
}

// withoutDots removes dot segments as RFC 3986 does: a path that ends in one ends in a slash.
func withoutDots(segments []string) []string {
	kept := make([]string, 0, len(segments)+1)
	for _, segment := range segments {
		switch segment {
		case ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, segment)
		}
	}
	if len(segments) > 0 && slices.Contains([]string{".", ".."}, segments[len(segments)-1]) {
		kept = append(kept, "")
	}
	return kept
}

// decoded undoes escapes of UTF-8. In a run that is none, bytes beyond ASCII stay as they were written.
func decoded(segment string) string {
	if !strings.Contains(segment, "%") {
		return segment
	}
	var plain strings.Builder
	for at := 0; at < len(segment); {
		length, said := escapesAt(segment, at)
		switch {
		case length == 0:
			plain.WriteByte(segment[at])
			length = 1
		case utf8.Valid(said):
			plain.Write(said)
		default:
			for index, char := range said {
				if char < utf8.RuneSelf {
					plain.WriteByte(char)
				} else {
					plain.WriteString(segment[at+3*index : at+3*index+3])
				}
			}
		}
		at += length
	}
	return plain.String()
}

func asWritten(segment string) string {
	if pathNeedless.MatchString(segment) {
		return segment
	}
	return decoded(segment)
}

func mapped(texts []string, change func(string) string) []string {
	changed := make([]string, len(texts))
	for at, text := range texts {
		changed[at] = change(text)
	}
	return changed
}
