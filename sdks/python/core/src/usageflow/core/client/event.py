"""One usage fact, on its way from the host's hands to JSON that can be sent."""

from __future__ import annotations

import datetime
import json
import math
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral
from typing import Callable, cast

from ..policy.number_text import number_text, significant_digits
from ..policy.unicode_text import is_whole, utf16_length
from .amount import SIGNIFICANT_DIGITS_MAX, read_amount
from .errors import SentEvent, UsageFlowError, invalid

_NAME_LENGTH_MAX = 100
_CUSTOMER_LENGTH_MAX = 255
_METADATA_CHARACTERS_MAX = 256 * 1024  # twice what the limits of metadata allow, escapes apart
_LEVELS_MAX = 100  # the server takes fewer, and says so; deeper is most often what holds itself
_INTEGER_BITS_MAX = 1_024
_KEY_SHAPE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_TIME_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,30}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_TIME_RULE = "must be a datetime with a time zone, or text like '2026-03-01T12:00:00.123Z'"
_FIELDS = (
    "name",
    "metric",
    "customer_id",
    "amount",
    "metadata",
    "timestamp",
    "idempotency_key",
)

Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True)
class Entry:
    """
    An event that was checked, and that its host can change no more: JSON, complete, in UTF-8. `calls` is how
    many calls of the host it is the sum of.
    """

    json: bytes
    calls: int = 1

    @property
    def event(self) -> SentEvent:
        """As it is given to `track` or `send`."""
        fields = json.loads(self.json)
        fields["customer_id"] = fields.pop("customerId")
        fields["idempotency_key"] = fields.pop("idempotencyKey")
        return cast(SentEvent, fields)


def read_event(positional: Sequence[object], given: Mapping[str, object], clock: Clock) -> Entry:
    """
    Checks what could make a request unreadable, and with it its neighbours; the limits of single fields
    that the server checks one event at a time are left to it. Gives the event a time and a key. Raises an
    `invalid` error and nothing else.
    """
    try:
        return _read(positional, given, clock)
    except UsageFlowError:
        raise
    except Exception:
        # In our own words: those of others may hold what was given.
        raise invalid("event", "must be what can be read and written as JSON") from None


def _read(positional: Sequence[object], given: Mapping[str, object], clock: Clock) -> Entry:
    if positional:
        raise invalid("event", "must be given by names: name='API_CALL', customer_id='user_123'")
    for field in given:
        if field not in _FIELDS:
            raise invalid(
                field[:_NAME_LENGTH_MAX], f"is no field of an event; {', '.join(_FIELDS)} are"
            )
    name, metric = given.get("name"), given.get("metric")
    if name is not None and metric is not None:
        raise invalid("metric", "is another word for name: give one of them")
    event = {
        "name": _read_text("name", metric if name is None else name, _NAME_LENGTH_MAX),
        "customerId": _read_text("customer_id", given.get("customer_id"), _CUSTOMER_LENGTH_MAX),
        "amount": read_amount(given.get("amount")),
        "metadata": _read_metadata(given.get("metadata")),
        "timestamp": _read_timestamp(given.get("timestamp"), clock),
        "idempotencyKey": _read_key(given.get("idempotency_key")),
    }
    if not event["metadata"]:
        del event["metadata"]
    return Entry(_compact(event).encode("utf-8"))


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _read_text(field: str, value: object, length_max: int) -> str:
    if not isinstance(value, str) or value == "" or utf16_length(value) > length_max:
        raise invalid(field, f"must be text of 1 to {length_max} characters")
    return _whole_text(field, value)


def _whole_text(field: str, text: str) -> str:
    """The server takes no JSON with such text, nor the events that stand beside it."""
    if "\0" in text or not is_whole(text):
        raise invalid(field, "must be whole characters, without NUL or half a surrogate pair")
    return str.__str__(text)  # of a subclass, the text itself


def _read_metadata(metadata: object) -> dict[str, object]:
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        raise invalid("metadata", "must be a dict")
    written = {_name_of(name): _writable(value, 1) for name, value in metadata.items()}
    if len(_compact(written)) > _METADATA_CHARACTERS_MAX:
        raise invalid("metadata", f"must be at most {_METADATA_CHARACTERS_MAX} characters of JSON")
    return written


def _name_of(name: object) -> str:
    if isinstance(name, Integral) and not isinstance(name, bool):
        return str(int(name))
    if not isinstance(name, str):
        raise invalid("metadata", "must have names that are text")
    return _whole_text("metadata", name)


def _writable(value: object, level: int) -> object:
    """A copy as JSON can say it. Usage is not lost for a note: what JSON has no word for goes as text."""
    if level > _LEVELS_MAX:
        raise invalid("metadata", "must not hold itself, nor be nested so deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _whole_text("metadata", value)
    if isinstance(value, (float, Integral)):
        return _writable_number(value if isinstance(value, float) else int(value))
    if isinstance(value, Mapping):
        return {_name_of(name): _writable(each, level + 1) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(each, level + 1) for each in value]
    if isinstance(value, (Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise invalid("metadata", f"must be what JSON can hold, which a {type(value).__name__} is not")


def _writable_number(value: int | float) -> object:
    """Numbers with more digits than a double keeps go as text, digit for digit."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and value.bit_length() > _INTEGER_BITS_MAX:
        raise invalid("metadata", "must have no number beyond those of a double")
    return number_text(value) if significant_digits(value) > SIGNIFICANT_DIGITS_MAX else value


def _read_timestamp(timestamp: object, clock: Clock) -> str:
    if timestamp is None:
        return _instant_text("clock", clock(), "must return a datetime with a time zone")
    if isinstance(timestamp, str) and _TIME_SHAPE.fullmatch(timestamp):
        return str.__str__(timestamp)
    return _instant_text("timestamp", timestamp, _TIME_RULE)


def _instant_text(field: str, instant: object, rule: str) -> str:
    """Without a time zone nobody knows whether it is the machine's time or UTC: hours of a bill apart."""
    if not isinstance(instant, datetime.datetime) or instant.utcoffset() is None:
        raise invalid(field, rule)
    utc = instant.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def is_key(key: object) -> bool:
    """Whether it can be the key of an event."""
    return isinstance(key, str) and _KEY_SHAPE.fullmatch(key) is not None


def _read_key(key: object) -> str:
    if key is None:
        return str(uuid.uuid4())
    if is_key(key):
        return str.__str__(cast(str, key))
    raise invalid("idempotency_key", "must be 1 to 255 printable ASCII characters")
