package policy

import (
	"regexp"
	"strings"
)

// blankClass is white space as JavaScript sees it, for a class of characters.
const blankClass = `\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`

// secretParts of a name say: what stands here opens something. Looked for in the name without its separators.
var secretParts = regexp.MustCompile(
	`authorization|cookie|passw|passphrase|passcode|secret|apikey|accesskey|privatekey|signingkey|encryptionkey|credential|signature|bearer|sessionid|cardnumber|token$`,
)

var secretWords = map[string]bool{
	"auth": true, "csrf": true, "cvc": true, "cvv": true, "jwt": true, "otp": true, "pin": true, "pwd": true,
	"session": true, "sid": true, "ssn": true, "token": true, "totp": true, "xsrf": true,
}

const secretNameLengthMax = 60

// secretPairs are `name=value`, `name: value` and `"name":"value"` inside a text.
var secretPairs = regexp.MustCompile(`([A-Za-z0-9_.-]{1,60})["']{0,1} {0,2}[=:] {0,2}["']{0,1}[^` + blankClass + `"'&;,]`)

// secretShapes are what keys and passwords look like, wherever in a text they stand.
var secretShapes = []*regexp.Regexp{
	regexp.MustCompile(`\beyJ[\w-]{5,}\.[\w-]{5}`), // a JSON Web Token
	regexp.MustCompile(`-----BEGIN [A-Z ]{0,40}PRIVATE KEY`),
	regexp.MustCompile(`://[^` + blankClass + `/?#@:]{0,200}:[^` + blankClass + `/?#@]{1,200}@`), // a password in an address
	regexp.MustCompile(`\b(?:sk|pk|rk|uf)[_-](?:live|test|prod|proj|ant|or)[_-][\w-]{8}`),
	regexp.MustCompile(`\b(?:whsec|npm|hf|gsk|r8|sbp|rpa|pul|gh[oprsu]|github_pat|shp(?:at|ca|ss)|do[op]_v1|lin_api|sntry[su]|re_[A-Za-z0-9]{8})_[A-Za-z0-9]{16}`),
	regexp.MustCompile(`\b(?:sk|pplx|pypi|xkeysib)-[A-Za-z0-9]{16}|\b(?:glpat|gldt|nvapi|tskey)-[\w-]{16}`),
	regexp.MustCompile(`\bxox[a-z]-[\w-]{8}|\bxapp-[\w-]{8}|\bhv[bs]\.[\w-]{16}|\bdapi[0-9a-f]{32}`),
	regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`),
	regexp.MustCompile(`\bAIza[\w-]{30}|\bya29\.[\w-]{16}|\bGOCSPX-[\w-]{16}`),
	regexp.MustCompile(`\bSG\.[\w-]{16,}\.[\w-]{16}|\b(?:AC|SK)[0-9a-f]{32}\b|\bsq0[a-z]{3}-[\w-]{16}`),
	regexp.MustCompile(`\$(?:2[aby]|argon2(?:i|d|id)|scrypt|[156])\$[\w./=$-]{4}`), // a hashed password
}

// Of a login, in lower case: its kind, and what stands behind it. A plan may be called "Basic", so that must look
// made up.
var (
	secretLogins = regexp.MustCompile(`\b(?:bearer|basic|digest|negotiate) {1,3}([\w+/=.~-]{8,200})`)
	madeUp       = regexp.MustCompile(`[0-9]|[a-z][A-Z]|=$`)
)

var (
	longRun = regexp.MustCompile(`[A-Za-z0-9+_-]{32,}`)
	// runFrom40 finds what Amazon calls a secret access key, of just 40. With the slash, longer runs are paths.
	runFrom40 = regexp.MustCompile(`[A-Za-z0-9+/]{40,}`)
)

const accessKeyLength = 40

// isSecretName tells whether what bears this name is a secret by it, like `Authorization`, `apiKey` or `db_password`.
func isSecretName(name string) bool {
	words := wordsOf(lastUnits(name, secretNameLengthMax))
	for _, word := range words {
		if secretWords[word] {
			return true
		}
	}
	return secretParts.MatchString(strings.Join(words, ""))
}

// wordsOf parts a name where something else than a letter or digit stands, and before a capital behind a small letter
// or digit.
func wordsOf(name string) []string {
	var words []string
	var word []byte
	end := func() {
		if len(word) > 0 {
			words = append(words, folded(string(word)))
			word = nil
		}
	}
	for at := range len(name) {
		char := name[at]
		if !isLetterOrDigit(char) {
			end()
			continue
		}
		if isCapital(char) && len(word) > 0 && !isCapital(word[len(word)-1]) {
			end()
		}
		word = append(word, char)
	}
	end()
	return words
}

// holdsSecret tells whether a secret stands in this text, by its shape: known kinds of keys, a password in an address,
// a value under a secret name, and any long run of capital and small letters and digits. Of digits from 0 to f alone
// a key cannot be told from a hash: those need a name.
func holdsSecret(text string) bool {
	text = inUnits(text)
	return hasSecretShape(text) || hasLogin(text) || hasSecretPair(text) || hasKeyRun(text)
}

func hasSecretShape(text string) bool {
	for _, shape := range secretShapes {
		if shape.MatchString(text) {
			return true
		}
	}
	return false
}

func hasLogin(text string) bool {
	for _, match := range secretLogins.FindAllStringSubmatchIndex(folded(text), -1) {
		if madeUp.MatchString(text[match[2]:match[3]]) {
			return true
		}
	}
	return false
}

func hasSecretPair(text string) bool {
	for _, match := range secretPairs.FindAllStringSubmatch(text, -1) {
		if isSecretName(match[1]) {
			return true
		}
	}
	return false
}

func hasKeyRun(text string) bool {
	for _, run := range longRun.FindAllString(text, -1) {
		if isMixed(run) {
			return true
		}
	}
	for _, run := range runFrom40.FindAllString(text, -1) {
		if len(run) == accessKeyLength && isMixed(run) {
			return true
		}
	}
	return false
}

func isMixed(run string) bool {
	return strings.ContainsAny(run, "abcdefghijklmnopqrstuvwxyz") &&
		strings.ContainsAny(run, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
		strings.ContainsAny(run, "0123456789")
}

// inUnits writes two characters for each that is two units of UTF-16, since the shapes count in those.
func inUnits(text string) string {
	if !strings.ContainsFunc(text, func(char rune) bool { return unitsOf(char) > 1 }) {
		return text
	}
	var units strings.Builder
	for _, char := range text {
		if unitsOf(char) > 1 {
			units.WriteString("\ufffd\ufffd")
		} else {
			units.WriteRune(char)
		}
	}
	return units.String()
}

func isLetterOrDigit(char byte) bool {
	return isCapital(char) || 'a' <= char && char <= 'z' || '0' <= char && char <= '9'
}

func isCapital(char byte) bool {
	return 'A' <= char && char <= 'Z'
}
