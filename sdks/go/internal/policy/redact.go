package policy

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Reason is why something was left out.
type Reason string

const (
	Secret  Reason = "secret"
	TooLong Reason = "too_long"
	TooMany Reason = "too_many"
	TooDeep Reason = "too_deep"
	Unfit   Reason = "unfit"
)

// Omission is where something was left out, and why. A name that holds a secret is not told.
type Omission struct {
	Path string `json:"path"`
	Why  Reason `json:"why"`
}

// Redacted is what is left of fields of a request.
type Redacted struct {
	// Metadata may leave the process. It keeps to the limits of the API, so no event is refused for it.
	Metadata map[string]any
	Omitted  []Omission
}

const (
	entriesMax     = 50
	levelsMax      = 3
	keyLengthMax   = 100
	valueLengthMax = 2_048
	digitsMax      = 15 // the API takes no number of more for exact
)

// CollectedFields are told of every request without a rule. Headers, bodies and values of parameters are not.
var CollectedFields = []string{
	"method", "route", "status", "durationMs", "requestBytes", "responseBytes", "clientAddress", "userAgent", "queryNames",
}

// Record is an object whose members have an order: where there are too many, the first of them are kept. Members of a
// map come in the order of their names.
type Record []Member

// Member is one of an object; or of a list, where its name is its place.
type Member struct {
	Name  string
	Value any
}

// Redact takes from fields of a request, a Record or a map, what may be sent: of the allowed ones. Secrets go whatever
// is allowed, by name and by shape; so does what the API would refuse. Nothing is shortened: half a value is another
// value, and may hide half a secret.
func Redact(fields any, allowed []string) Redacted {
	members := membersOf(fields)
	var chosen []Member
	for _, name := range allowed {
		at := slices.IndexFunc(members, func(each Member) bool { return each.Name == name })
		if at >= 0 {
			chosen = append(chosen, members[at])
		}
	}
	return redacted(chosen)
}

// RedactAll does the same with all fields, for metadata that the host has put together itself.
func RedactAll(fields any) Redacted {
	return redacted(membersOf(fields))
}

// place has what stands before the names of members, and how deep they are.
type place struct {
	path  string
	level int
}

type walk struct {
	entriesLeft int
	omitted     []Omission
}

func redacted(members []Member) Redacted {
	walk := walk{entriesLeft: entriesMax, omitted: []Omission{}}
	metadata := mapOf(walk.kept(members, place{level: 1}))
	return Redacted{metadata, walk.omitted}
}

// kept counts all members, those of members too. The first one too many ends its holder.
func (walk *walk) kept(members []Member, at place) []Member {
	var kept []Member
	for _, each := range members {
		path := at.path + told(each.Name)
		why := TooMany
		if walk.entriesLeft > 0 {
			why = objection(each, at.level)
		}
		if why == "" {
			kept = append(kept, Member{each.Name, walk.keptValue(each.Value, place{path, at.level})})
			continue
		}
		walk.omitted = append(walk.omitted, Omission{path, why})
		if why == TooMany {
			break
		}
	}
	return kept
}

// keptValue turns whatever it is into what JSON has, so that nothing of a host writes itself in another way later.
func (walk *walk) keptValue(value any, at place) any {
	walk.entriesLeft--
	below := place{at.path + ".", at.level + 1}
	switch shapeOf(value) {
	case aText:
		return reflect.ValueOf(value).String()
	case aFlag:
		return reflect.ValueOf(value).Bool()
	case aNumber:
		return keptNumber(value)
	case aList:
		list := []any{}
		for _, each := range walk.kept(elementsOf(value), below) {
			list = append(list, each.Value)
		}
		return list
	case aRecord:
		return mapOf(walk.kept(membersOf(value), below))
	}
	return nil
}

func keptNumber(value any) any {
	if text := numberText(value); SignificantDigits(text) > digitsMax {
		return text
	}
	return value
}

func objection(each Member, level int) Reason {
	switch {
	case IsLonger(each.Name, keyLengthMax):
		return TooLong
	case !isText(each.Name) || each.Name == "":
		return Unfit
	case holdsSecret(each.Name):
		return Secret
	}
	shape := shapeOf(each.Value)
	if shape == nothing || shape == aFlag { // nothing to open a door with
		return ""
	}
	if isSecretName(each.Name) {
		return Secret
	}
	return objectionToValue(each.Value, shape, level)
}

func objectionToValue(value any, shape shape, level int) Reason {
	switch {
	case shape == aText:
		return objectionToText(reflect.ValueOf(value).String())
	case shape == aNumber && numberText(value) == "", shape == unfit:
		return Unfit
	case shape != aNumber && level >= levelsMax:
		return TooDeep
	}
	return ""
}

func objectionToText(text string) Reason {
	switch {
	case IsLonger(text, valueLengthMax):
		return TooLong
	case !isText(text):
		return Unfit
	case holdsSecret(text):
		return Secret
	}
	return ""
}

// shape is what a value is in JSON.
type shape int

const (
	nothing shape = iota
	aFlag
	aNumber
	aText
	aList
	aRecord
	unfit
)

// shapeOf knows values of Go's own kinds, also under names of the host. What writes itself as JSON is unfit but for
// numbers: it could write anything.
func shapeOf(value any) shape {
	switch value.(type) {
	case nil:
		return nothing
	case json.Number:
		return aNumber
	case Record:
		return aRecord
	case json.Marshaler, encoding.TextMarshaler:
		return unfit
	}
	held := reflect.TypeOf(value)
	switch held.Kind() {
	case reflect.Bool:
		return aFlag
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		return aNumber
	case reflect.String:
		return aText
	case reflect.Slice, reflect.Array:
		if held.Elem().Kind() != reflect.Uint8 { // bytes are no text and no list
			return aList
		}
	case reflect.Map:
		if held.Key().Kind() == reflect.String {
			return aRecord
		}
	}
	return unfit
}

// membersOf takes a map in the order of its names, so that the same fields always leave the same. What is no object
// has no members.
func membersOf(holder any) []Member {
	if record, ok := holder.(Record); ok {
		return record
	}
	if shapeOf(holder) != aRecord {
		return nil
	}
	var members []Member
	for name, value := range reflect.ValueOf(holder).Seq2() {
		members = append(members, Member{name.String(), value.Interface()})
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members
}

func elementsOf(list any) []Member {
	var elements []Member
	held := reflect.ValueOf(list)
	for at := range held.Len() {
		elements = append(elements, Member{strconv.Itoa(at), held.Index(at).Interface()})
	}
	return elements
}

func mapOf(members []Member) map[string]any {
	record := make(map[string]any, len(members))
	for _, each := range members {
		record[each.Name] = each.Value
	}
	return record
}

// isText is true for what PostgreSQL can hold.
func isText(text string) bool {
	return utf8.ValidString(text) && !strings.Contains(text, "\x00")
}

// numberText is the shortest text of a number, as JSON writes it; empty for what is none.
func numberText(value any) string {
	if number, ok := value.(json.Number); ok {
		if parsed, err := number.Float64(); err != nil || math.IsInf(parsed, 0) {
			return ""
		}
		return number.String()
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// SignificantDigits counts those of a number in the text of JSON.
func SignificantDigits(text string) int {
	mantissa := beforeAny(strings.TrimPrefix(text, "-"), "eE")
	return len(strings.Trim(strings.Replace(mantissa, ".", "", 1), "0"))
}

func told(name string) string {
	if IsLonger(name, keyLengthMax) || holdsSecret(name) {
		return "…"
	}
	return name
}
