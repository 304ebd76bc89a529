"""The application as its server sees it: counts what comes in and what goes out, and changes nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Callable
from urllib.parse import quote

from usageflow.core.agent import Agent, Coverage, Exchange, Outcome, drive
from usageflow.core.agent.exchange import headers_of
from usageflow.core.agent.framework import FrameworkAPI, announced_bytes
from usageflow.core.policy import BodyReader

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
        known = environ.get(SERVED)
        if isinstance(known, Served) and known.agent is self._api.agent:
            return self._app(environ, start_response)  # one of us is around this one: it counts once
        method = str(environ.get("REQUEST_METHOD", "GET"))
        exchange = drive(self._api.agent.receive(self._coverage, method, target_of(environ)))
        if exchange is None:
            return self._app(environ, start_response)
        served = environ[SERVED] = Served(exchange, self._api.agent, environ)
        try:
            body = self._app(environ, served.starting(start_response))
        except BaseException:
            served.fail()
            raise
        return _Body(body, served)


class Served:
    """One request. `context` is what the application calls `g`."""

    def __init__(self, exchange: Exchange, agent: Agent, environ: WSGIEnvironment) -> None:
        self.exchange = exchange
        self.template: str | None = None
        self.params: Mapping[str, object] | None = None
        self.body: object = None
        self.context: Any = None
        self.agent = agent
        self.is_decided = False
        self._environ = environ
        self._unannounced = _counted_input(environ)
        self._status: int | None = None
        self._headers: dict[str, str | list[str]] = {}
        self._bytes = 0
        self._reader: BodyReader | None = None

    def starting(self, start_response: StartResponse) -> StartResponse:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            self._begin_answer(status, headers)
            known = {name.lower() for name, _ in headers}
            ours = self.exchange.headers.items()
            added = [(name, value) for name, value in ours if name.lower() not in known]
            write = start_response(status, [*headers, *added], exc_info)

            def counted(data: bytes) -> object:
                self.count(data)
                return write(data)

            return counted

        return start

    def count(self, data: bytes) -> None:
        """Of what goes out, without ever failing."""
        self._bytes += len(data)
        if self._reader is not None:
            self.agent.safely(self._reader.push, data)

    def fail(self) -> None:
        """The server answers for an application that failed."""
        if self._status is None:
            self._status = 500
        self.end()

    def end(self) -> None:
        self.agent.safely(self._end)

    def _end(self) -> None:
        told = self.context.get("usageflow") if self.context is not None else None
        outcome = Outcome(
            status=self._status,
            route=self.template,
            headers=self._headers,
            request_bytes=self._request_bytes(),
            response_bytes=self._bytes,
            params=self.params,
            metadata=told.get("metadata") if isinstance(told, Mapping) else None,
            body=self.body,
        )
        self.agent.end(self.exchange, outcome)

    def _request_bytes(self) -> int:
        if self._unannounced is not None:
            return self._unannounced.bytes
        return announced_bytes(str(self._environ.get("CONTENT_LENGTH", "")))

    def _begin_answer(self, status: str, headers: list[tuple[str, str]]) -> None:
        code = status[:3]
        self._status = int(code) if code.isdecimal() else None
        self._headers = headers_of(headers)
        if self.exchange.has_passed:
            self._reader = self.agent.safely(self.exchange.reader, "response", self._headers)


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
        except StopIteration:
            self._served.end()
            raise
        except BaseException:
            self._served.fail()
            raise
        self._served.count(piece)
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


class _CountedInput:
    """A body whose length was not announced: of it counts what the application reads."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.bytes = 0

    def read(self, *size: int) -> bytes:
        return self._counted(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._counted(self._stream.readline(*size))

    def readlines(self, *hint: int) -> list[bytes]:
        return [self._counted(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        return (self._counted(line) for line in self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _counted(self, data: bytes) -> bytes:
        self.bytes += len(data)
        return data


def _counted_input(environ: WSGIEnvironment) -> _CountedInput | None:
    """In the place of the stream that the server gave; None where the length is announced, or nothing comes."""
    if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" not in environ:
        return None
    counted = environ["wsgi.input"] = _CountedInput(environ["wsgi.input"])
    return counted
