package policy

import (
	"unicode"
	"unicode/utf8"
)

const bytesOfUnit = 3 // of UTF-8, at most, for one unit of UTF-16

// IsLonger tells whether a text has more units of UTF-16 than that. It does not count a text to its end
// that is far too long.
func IsLonger(text string, unitsMax int) bool {
	if len(text) <= unitsMax {
		return false
	}
	if len(text) > bytesOfUnit*unitsMax {
		return true
	}
	units := 0
	for _, char := range text {
		units += unitsOf(char)
	}
	return units > unitsMax
}

func unitsOf(char rune) int {
	if char > '\uffff' {
		return 2
	}
	return 1
}

// lastUnits returns the end of a text, of at most that many units of UTF-16.
func lastUnits(text string, unitsMax int) string {
	start := len(text)
	for units := 0; start > 0; {
		char, size := utf8.DecodeLastRuneInString(text[:start])
		if units += unitsOf(char); units > unitsMax {
			break
		}
		start -= size
	}
	return text[start:]
}

// folded puts letters of ASCII in lower case: beyond it languages disagree about case. Every byte keeps its place.
func folded(text string) string {
	bytes := []byte(text)
	for at, char := range bytes {
		if 'A' <= char && char <= 'Z' {
			bytes[at] = char + 'a' - 'A'
		}
	}
	return string(bytes)
}

// isBlank tells whether a character is white space as JavaScript sees it.
func isBlank(char rune) bool {
	return char == '\ufeff' || unicode.IsSpace(char) && char != '\u0085'
}

func isControl(char rune) bool {
	return unicode.Is(unicode.Cc, char)
}
