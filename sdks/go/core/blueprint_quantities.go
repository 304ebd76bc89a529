package core

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// ByteUnit is what an amount of bytes is counted in.
type ByteUnit string

// TimeUnit is what an amount of time is counted in.
type TimeUnit string

// The units. Where none is given, gigabytes of 10^9 bytes, and seconds.
const (
	UnitGB          ByteUnit = "GB"
	UnitByte        ByteUnit = "byte"
	UnitSecond      TimeUnit = "s"
	UnitMillisecond TimeUnit = "ms"
)

const (
	gbDigits          = 9
	secondDigits      = 9
	millisecondDigits = 6
	fractionDigitsMax = 12
	// perScaledGBHour is of bytes times milliseconds: a GB-hour is 3.6 * 10^15 of them, and the amount is to be times 10^12.
	perScaledGBHour = 3_600
)

// Gigabytes are bytes as gigabytes of 10^9 bytes: exact, whatever the number.
func Gigabytes(bytes int64) Amount {
	return amountOf(byteAmount(bytes, UnitGB))
}

// GigabyteHours are gigabytes of 10^9 bytes held for an hour, to the millisecond: rounded once to 12 digits, half up.
func GigabyteHours(bytes int64, held time.Duration) Amount {
	return amountOf(gigabyteHours(bytes, held.Milliseconds()))
}

func amountOf(text string, failure *Error) Amount {
	if failure != nil {
		return Amount{objection: failure.Message}
	}
	return Decimal(text)
}

func byteAmount(bytes int64, unit ByteUnit) (string, *Error) {
	if failure := wholeNumber("bytes", bytes); failure != nil {
		return "", failure
	}
	switch unit {
	case "", UnitGB:
		return shifted(strconv.FormatInt(bytes, 10), gbDigits), nil
	case UnitByte:
		return strconv.FormatInt(bytes, 10), nil
	}
	return "", unknownUnit(string(UnitGB), string(UnitByte))
}

func gigabyteHours(bytes, ms int64) (string, *Error) {
	if failure := firstError(wholeNumber("bytes", bytes), wholeNumber("ms", ms)); failure != nil {
		return "", failure
	}
	double := new(big.Int).Mul(big.NewInt(bytes), big.NewInt(ms))
	double.Lsh(double, 1).Add(double, big.NewInt(perScaledGBHour))
	return shifted(double.Quo(double, big.NewInt(2*perScaledGBHour)).String(), fractionDigitsMax), nil
}

func timeAmount(took time.Duration, unit TimeUnit) (string, *Error) {
	if failure := wholeNumber("ns", int64(took)); failure != nil {
		return "", failure
	}
	text := strconv.FormatInt(int64(took), 10)
	switch unit {
	case "", UnitSecond:
		return shifted(text, secondDigits), nil
	case UnitMillisecond:
		return shifted(text, millisecondDigits), nil
	}
	return "", unknownUnit(string(UnitSecond), string(UnitMillisecond))
}

// shifted is a whole number with its point so many digits to the left.
func shifted(text string, digits int) string {
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	whole, fraction := text[:len(text)-digits], strings.TrimRight(text[len(text)-digits:], "0")
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}
