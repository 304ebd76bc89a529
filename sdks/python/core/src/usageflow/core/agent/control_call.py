"""Calls of an agent, and what they come to."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

from ..client.deadline_socket import Cut, Deadline
from ..client.server import Response, Server, reason_of
from ..client.server_call import Unknown, unknown

_FOLDER = "/api/v1/control"
#: Of what was sent as it stands: the same again would be refused again.
_REFUSALS = frozenset((400, 413, 422))


@dataclass(frozen=True)
class Refused:
    """The server understood, and will never take this."""

    code: str
    message: str


Said = Union[Response, Refused, Unknown]


class ControlCall:
    """Never raises, and never takes much longer than `timeout_s`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def get(self, path: str, timeout_s: float, cut: Cut, etag: str | None) -> Said:
        return self._ask("GET", path, timeout_s, cut, None, etag)

    def post(self, path: str, body: Mapping[str, object], timeout_s: float, cut: Cut) -> Said:
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        return self._ask("POST", path, timeout_s, cut, data, None)

    def _ask(
        self,
        method: str,
        path: str,
        timeout_s: float,
        cut: Cut,
        body: bytes | None,
        etag: str | None,
    ) -> Said:
        deadline = Deadline(time.monotonic() + timeout_s, cut)
        try:
            response = self._server.ask(
                method, f"{_FOLDER}{path}", deadline, body=body, if_none_match=etag
            )
        except Exception as error:
            return Unknown("client.no_answer", reason_of(error, deadline, timeout_s))
        if response.status == 304 or (response.status == 200 and isinstance(response.body, dict)):
            return response
        if response.status == 200:
            return Unknown("client.no_answer", "The answer makes no sense.", 200)
        trouble = unknown(response)
        is_ours = trouble.code != "client.no_answer" or response.status == 413
        if response.status in _REFUSALS and is_ours:
            return Refused(trouble.code, trouble.reason)
        return trouble
