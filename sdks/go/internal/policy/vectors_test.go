package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const vectorsFolder = "../../../conformance"

// vector is a case as it stands in its file. What else it has depends on the file.
type vector struct {
	Name  string
	Error bool
	// ordered is all of it, with its texts put together.
	ordered Record
	// json is the same as text.
	json []byte
}

func readVectors(t *testing.T, file string) []vector {
	t.Helper()
	var whole struct {
		About string            `json:"about"`
		Cases []json.RawMessage `json:"cases"`
	}
	readJSON(t, file, &whole)
	vectors := make([]vector, 0, len(whole.Cases))
	for _, given := range whole.Cases {
		decoder := json.NewDecoder(bytes.NewReader(given))
		decoder.UseNumber()
		ordered := expanded(readOrdered(decoder)).(Record)
		text, err := json.Marshal(unordered(ordered))
		if err != nil {
			t.Fatal(err)
		}
		var told struct {
			Name  string `json:"name"`
			Error bool   `json:"error"`
		}
		if err := json.Unmarshal(text, &told); err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, vector{told.Name, told.Error, ordered, text})
	}
	return vectors
}

func (each vector) field(name string) any {
	for _, member := range each.ordered {
		if member.Name == name {
			return member.Value
		}
	}
	return nil
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectorsFolder, file))
	if err != nil {
		t.Fatal(err)
	}
	if err := strictly(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// into reads a case. The error is that of an input that no type of ours holds; a field that is not known fails the test.
func (each vector) into(t *testing.T, fields any) error {
	t.Helper()
	err := strictly(each.json, fields)
	if wrongType := new(json.UnmarshalTypeError); errors.As(err, &wrongType) {
		return err
	}
	if err != nil {
		t.Fatalf("%s: %v", each.Name, err)
	}
	return nil
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// readOrdered reads a value of JSON that keeps the order of its members.
func readOrdered(decoder *json.Decoder) any {
	token := must(decoder.Token())
	switch token {
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			list = append(list, readOrdered(decoder))
		}
		must(decoder.Token())
		return list
	case json.Delim('{'):
		record := Record{}
		for decoder.More() {
			name := must(decoder.Token()).(string)
			record = append(record, Member{name, readOrdered(decoder)})
		}
		must(decoder.Token())
		return record
	}
	return token
}

// expanded puts in the texts that are written as {"$join": [...]} or {"$repeat": [text, times]}.
func expanded(value any) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, len(value))
		for at, each := range value {
			list[at] = expanded(each)
		}
		return list
	case Record:
		record := make(Record, len(value))
		for at, each := range value {
			switch each.Name {
			case "$join":
				return fmt.Sprint(expanded(each.Value).([]any)...)
			case "$repeat":
				text, times := each.Value.([]any)[0].(string), each.Value.([]any)[1].(json.Number)
				return strings.Repeat(text, int(must(times.Int64())))
			}
			record[at] = Member{each.Name, expanded(each.Value)}
		}
		return record
	}
	return value
}

// unordered has maps where records were.
func unordered(value any) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, len(value))
		for at, each := range value {
			list[at] = unordered(each)
		}
		return list
	case Record:
		plain := make(map[string]any, len(value))
		for _, each := range value {
			plain[each.Name] = unordered(each.Value)
		}
		return plain
	}
	return value
}

// inDoubles has numbers as who reads JSON without further ado gets them.
func inDoubles(value any) any {
	switch value := value.(type) {
	case json.Number:
		return must(value.Float64())
	case []any:
		list := make([]any, len(value))
		for at, each := range value {
			list[at] = inDoubles(each)
		}
		return list
	case Record:
		record := make(Record, len(value))
		for at, each := range value {
			record[at] = Member{each.Name, inDoubles(each.Value)}
		}
		return record
	}
	return value
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
