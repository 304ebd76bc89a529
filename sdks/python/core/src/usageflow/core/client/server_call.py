"""One request to the server, and what its answer says."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from dataclasses import dataclass
from typing import Literal, Union
from urllib.parse import SplitResult

from ..policy.retry import http_date_ms
from .deadline_socket import Cut, Deadline, connect
from .errors import trouble_of


@dataclass(frozen=True)
class Result:
    """What became of one event of a request; `code` and `message` are of one that is refused."""

    status: Literal["recorded", "duplicate", "refused"]
    event_id: str = ""
    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Results:
    """One for each event."""

    results: list[Result]


@dataclass(frozen=True)
class Rejected:
    """The request as it stands, of which nothing was stored."""

    code: str
    message: str
    status: int


@dataclass(frozen=True)
class Unknown:
    """Nothing is known, and the same may be sent again, not before the server asked for it."""

    code: str
    reason: str
    status: int | None = None
    asked_s: float = 0.0


Answer = Union[Results, Rejected, Unknown]

#: What the server says of what was sent.
_CONTENT = re.compile(r"(?:json|usage)\.|request\.too_large\Z")
_CODE_LENGTH_MAX = 100
_MESSAGE_LENGTH_MAX = 500
_ANSWER_BYTES_MAX = 4 * 1024 * 1024  # a thousand refusals take a tenth of it
_PIECE_BYTES = 64 * 1024
_SECONDS = re.compile("[0-9]{1,9}")
_PORTS = {"http": 80, "https": 443}
_OK, _BAD_REQUEST, _TOO_LARGE, _UNPROCESSABLE = 200, 400, 413, 422


class _TooLongError(Exception):
    pass


class ServerCall:
    """Sends events to one server. Shows its key to nobody but it."""

    def __init__(self, url: SplitResult, api_key: str) -> None:
        self._host = url.hostname or ""
        self._port = url.port or _PORTS[url.scheme]
        self._path = f"{url.path}/api/v1/events"
        self._is_tls = url.scheme == "https"
        self._tls: ssl.SSLContext | None = None
        self._api_key = api_key

    def post(self, events: list[bytes], timeout_s: float, cut: Cut) -> Answer:
        """Never raises. The answer is here in time, unless looking up a name takes longer."""
        deadline = Deadline(time.monotonic() + timeout_s, cut)
        try:
            response, data = self._exchange(b"[" + b",".join(events) + b"]", deadline)
            # Whatever answers may repeat what it was sent, and messages end up in logs.
            text = data.decode("utf-8", "replace").replace(self._api_key, "(key)")
            return _read_answer(response, text, len(events))
        except Exception as error:
            return Unknown("client.no_answer", _reason_of(error, deadline, timeout_s))

    def _exchange(self, body: bytes, deadline: Deadline) -> tuple[http.client.HTTPResponse, bytes]:
        """Follows no redirect: whoever answers there was not given the key."""
        connection = http.client.HTTPConnection(self._host, self._port)
        connection.default_port = _PORTS["https" if self._is_tls else "http"]
        try:
            connection.sock = connect(self._host, self._port, self._context(), deadline)
            headers = {"x-usageflow-api-key": self._api_key, "content-type": "application/json"}
            try:
                connection.request("POST", self._path, body, {**headers, "connection": "close"})
            except (BrokenPipeError, ConnectionResetError):
                pass  # who refuses a request before it has come may have said why
            response = connection.getresponse()
            return response, _read_body(response)
        finally:
            deadline.cut.let_go()

    def _context(self) -> ssl.SSLContext | None:
        if self._is_tls and self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


def _read_body(response: http.client.HTTPResponse) -> bytes:
    """Raises for a body that never ends, or ends too early."""
    body = bytearray()
    while piece := response.read(_PIECE_BYTES):
        body += piece
        if len(body) > _ANSWER_BYTES_MAX:
            raise _TooLongError
    if response.length:
        raise ConnectionResetError("cut off")
    return bytes(body)


def _read_answer(response: http.client.HTTPResponse, text: str, count: int) -> Answer:
    status = response.status
    body = _json_or_none(text)
    if status == _OK:
        results = _results_of(body, count)
        if results is None:
            return Unknown("client.no_answer", "The answer makes no sense.", status)
        return Results(results)
    code, message = _error_of(body) or ("", "")
    # Any other complaint is about how it came here, and usage is not given up for that.
    is_verdict = status in (_BAD_REQUEST, _UNPROCESSABLE) and _CONTENT.match(code)
    # 413 comes from what stands before the server, and means the same: not all at once.
    if status == _TOO_LARGE or is_verdict:
        too_large = "What stands before the server takes no request of this size."
        return Rejected(code or "client.too_large", message or too_large, status)
    asked_s = _retry_after_s(response.getheader("retry-after"), response.getheader("date"))
    reason = message or f"The answer is {status}."
    return Unknown(code or "client.no_answer", reason, status, asked_s)


def _retry_after_s(text: str | None, server_date: str | None) -> float:
    """Seconds, or an instant by the server's own clock."""
    if text is None:
        return 0.0
    if _SECONDS.fullmatch(text):
        return float(text)
    until_ms, now_ms = http_date_ms(text), http_date_ms(server_date or "")
    return 0.0 if until_ms is None or now_ms is None else max(until_ms - now_ms, 0) / 1_000


def _json_or_none(text: str) -> object:
    try:
        parsed: object = json.loads(text)
        return parsed
    except (ValueError, RecursionError):
        return None


def _results_of(body: object, count: int) -> list[Result] | None:
    given = body.get("results") if isinstance(body, dict) else None
    if not isinstance(given, list) or len(given) != count:
        return None
    results = [result for result in map(_result_of, given) if result is not None]
    return results if len(results) == count else None


def _result_of(given: object) -> Result | None:
    status = given.get("status") if isinstance(given, dict) else None
    if isinstance(given, dict) and (status == "recorded" or status == "duplicate"):
        return Result(status, event_id=str(given.get("eventId")))
    error = _error_of(given) if status == "refused" else None
    return Result("refused", code=error[0], message=error[1]) if error else None


def _error_of(body: object) -> tuple[str, str] | None:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not isinstance(message, str):
        return None
    return code[:_CODE_LENGTH_MAX], message[:_MESSAGE_LENGTH_MAX]


def _reason_of(error: Exception, deadline: Deadline, timeout_s: float) -> str:
    """In our own words, for the words of others may hold what was sent."""
    if isinstance(error, TimeoutError) or deadline.is_over:
        return f"There was no answer within {timeout_s:.3g} s, or it was not waited for any longer."
    if isinstance(error, _TooLongError):
        return "The answer is longer than any that makes sense."
    return f"The server could not be reached, or the connection was cut ({trouble_of(error)})."
