"""One request with events, and what the server's answer says of them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Literal, Union

from .deadline_socket import Cut, Deadline
from .server import Response, Server, error_of, reason_of


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
_OK, _BAD_REQUEST, _TOO_LARGE, _UNPROCESSABLE = 200, 400, 413, 422


class ServerCall:
    """Sends events to one address of a server; `around` is what stands before and behind their array."""

    def __init__(
        self, server: Server, path: str = "/api/v1/events", around: tuple[bytes, bytes] = (b"", b"")
    ) -> None:
        self._server = server
        self._path = path
        self._around = around

    def post(self, events: list[bytes], timeout_s: float, cut: Cut) -> Answer:
        """Never raises. The answer is here in time, unless looking up a name takes longer."""
        deadline = Deadline(time.monotonic() + timeout_s, cut)
        before, behind = self._around
        body = before + b"[" + b",".join(events) + b"]" + behind
        try:
            response = self._server.ask("POST", self._path, deadline, body=body)
            return _read_answer(response, len(events))
        except Exception as error:
            return Unknown("client.no_answer", reason_of(error, deadline, timeout_s))


def _read_answer(response: Response, count: int) -> Answer:
    status = response.status
    if status == _OK:
        results = _results_of(response.body, count)
        if results is None:
            return Unknown("client.no_answer", "The answer makes no sense.", status)
        return Results(results)
    code, message = error_of(response.body) or ("", "")
    # Any other complaint is about how it came here, and usage is not given up for that.
    is_verdict = status in (_BAD_REQUEST, _UNPROCESSABLE) and _CONTENT.match(code)
    # 413 comes from what stands before the server, and means the same: not all at once.
    if status == _TOO_LARGE or is_verdict:
        too_large = "What stands before the server takes no request of this size."
        return Rejected(code or "client.too_large", message or too_large, status)
    return unknown(response)


def unknown(response: Response) -> Unknown:
    """What an answer means that is none to what was asked."""
    code, message = error_of(response.body) or ("", "")
    reason = message or f"The answer is {response.status}."
    return Unknown(code or "client.no_answer", reason, response.status, response.asked_s)


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
    error = error_of(given) if status == "refused" else None
    return Result("refused", code=error[0], message=error[1]) if error else None
