"""The server: one request to it, and what it answers."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult

from ..policy.retry import http_date_ms
from .deadline_socket import Deadline, connect
from .errors import trouble_of

_CODE_LENGTH_MAX = 100
_MESSAGE_LENGTH_MAX = 500
_ANSWER_BYTES_MAX = 4 * 1024 * 1024  # a thousand refusals take a tenth of it
_PIECE_BYTES = 64 * 1024
_SECONDS = re.compile("[0-9]{1,9}")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Response:
    status: int
    body: object  # None for what is no JSON
    etag: str | None
    asked_s: float  # how long it asks to be left alone


class _TooLongError(Exception):
    pass


class Server:
    """Shows the key to nobody but it."""

    def __init__(self, url: SplitResult, api_key: str) -> None:
        self._host = url.hostname or ""
        self._port = url.port or _PORTS[url.scheme]
        self._path = url.path
        self._is_tls = url.scheme == "https"
        self._tls: ssl.SSLContext | None = None
        self._api_key = api_key

    def ask(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        body: bytes | None = None,
        if_none_match: str | None = None,
    ) -> Response:
        """
        Raises whatever went wrong: `reason_of` has words for it. The answer is here in time, unless looking
        up a name takes longer. Follows no redirect: whoever answers there was not given the key.
        """
        headers = {"x-usageflow-api-key": self._api_key, "connection": "close"}
        if body is not None:
            headers["content-type"] = "application/json"
        if if_none_match is not None:
            headers["if-none-match"] = if_none_match
        connection = http.client.HTTPConnection(self._host, self._port)
        connection.default_port = _PORTS["https" if self._is_tls else "http"]
        try:
            connection.sock = connect(self._host, self._port, self._context(), deadline)
            try:
                connection.request(method, f"{self._path}{path}", body, headers)
            except (BrokenPipeError, ConnectionResetError):
                pass  # who refuses a request before it has come may have said why
            response = connection.getresponse()
            return self._read(response, _read_body(response))
        finally:
            deadline.cut.let_go()

    def _read(self, response: http.client.HTTPResponse, data: bytes) -> Response:
        # Whatever answers may repeat what it was sent, and messages end up in logs.
        text = data.decode("utf-8", "replace").replace(self._api_key, "(key)")
        asked_s = _retry_after_s(response.getheader("retry-after"), response.getheader("date"))
        return Response(response.status, _json_or_none(text), response.getheader("etag"), asked_s)

    def _context(self) -> ssl.SSLContext | None:
        if self._is_tls and self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


def error_of(body: object) -> tuple[str, str] | None:
    """The code and the message of an answer that has an `error`."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not isinstance(message, str):
        return None
    return code[:_CODE_LENGTH_MAX], message[:_MESSAGE_LENGTH_MAX]


def reason_of(error: Exception, deadline: Deadline, timeout_s: float) -> str:
    """In our own words, for the words of others may hold what was sent."""
    if isinstance(error, TimeoutError) or deadline.is_over:
        return f"There was no answer within {timeout_s:.3g} s, or it was not waited for any longer."
    if isinstance(error, _TooLongError):
        return "The answer is longer than any that makes sense."
    return f"The server could not be reached, or the connection was cut ({trouble_of(error)})."


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
