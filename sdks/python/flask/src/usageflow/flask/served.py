"""The application as its server sees it: counts what comes in and what goes out, and changes nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Callable
from urllib.parse import quote

from usageflow.core.agent import Coverage, Exchange, drive
from usageflow.core.agent.framework import FrameworkAPI

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Where in the environment of a request what we know of it stands.
SERVED = "usageflow.served"
_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"


class ServedApp:
    def __init__(self, app: WSGIApplication, api: FrameworkAPI, coverage: Coverage) -> None:
        self._app = app
        self._api = api
        self._coverage = coverage

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = str(environ.get("REQUEST_METHOD", "GET"))
        exchange = drive(self._api.agent.receive(self._coverage, method, target_of(environ)))
        if exchange is None:
            return self._app(environ, start_response)
        served = environ[SERVED] = Served(exchange)
        try:
            body = self._app(environ, served.starting(start_response))
        except BaseException:
            served.end()
            raise
        return _Body(body, served)


class Served:
    """One request. `context` is what the application calls `g`."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.template: str | None = None
        self.context: Any = None
        self.response_bytes = 0

    def starting(self, start_response: StartResponse) -> StartResponse:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            known = {name.lower() for name, _ in headers}
            ours = self.exchange.headers.items()
            added = [(name, value) for name, value in ours if name.lower() not in known]
            write = start_response(status, [*headers, *added], exc_info)

            def counted(data: bytes) -> object:
                self.response_bytes += len(data)
                return write(data)

            return counted

        return start

    def end(self) -> None:
        pass


class _Body:
    """Ends with its last piece, or when the server closes it: a client may have gone before."""

    def __init__(self, body: Iterable[bytes], served: Served) -> None:
        self._body = body
        self._pieces: Iterator[bytes] | None = None
        self._served = served

    def __iter__(self) -> Iterator[bytes]:
        self._pieces = iter(self._body)
        return self

    def __next__(self) -> bytes:
        if self._pieces is None:
            self._pieces = iter(self._body)
        try:
            piece = next(self._pieces)
        except BaseException:
            self._served.end()
            raise
        self._served.response_bytes += len(piece)
        return piece

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._served.end()


def target_of(environ: Mapping[str, Any]) -> str:
    """As it came, where the server says it; else put together again."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if isinstance(raw, str):
        return raw
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    query = environ.get("QUERY_STRING", "")
    written = quote(path.encode("latin-1", "replace"), safe=_SAFE_IN_PATH)
    return f"{written}?{query}" if query else written
