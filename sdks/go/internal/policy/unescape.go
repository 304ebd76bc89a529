package policy

import (
	"strings"
	"unicode/utf8"
)

// escapesAt returns how long a run of escapes like `%c3%a9` begins at this place, and the bytes that it says.
func escapesAt(text string, start int) (length int, said []byte) {
	end := start
	for end+2 < len(text) && text[end] == '%' && isHex(text[end+1]) && isHex(text[end+2]) {
		said = append(said, hexValue(text[end+1])<<4|hexValue(text[end+2]))
		end += 3
	}
	return end - start, said
}

// unescape undoes the escapes of a text. False for a `%` that is none of an escape, and for escapes that are
// no UTF-8.
func unescape(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return text, true
	}
	var plain strings.Builder
	for at := 0; at < len(text); {
		if text[at] != '%' {
			plain.WriteByte(text[at])
			at++
			continue
		}
		length, said := escapesAt(text, at)
		if length == 0 || !utf8.Valid(said) {
			return "", false
		}
		plain.Write(said)
		at += length
	}
	return plain.String(), true
}

func isHex(char byte) bool {
	return '0' <= char && char <= '9' || 'a' <= char|0x20 && char|0x20 <= 'f'
}

func hexValue(char byte) byte {
	if char <= '9' {
		return char - '0'
	}
	return char | 0x20 - 'a' + 10
}
