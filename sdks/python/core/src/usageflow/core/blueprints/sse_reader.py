"""Server-sent events that hold JSON."""

from __future__ import annotations

import codecs
import json
import re

#: Longer events are skipped: so much is kept of what has not ended yet.
_EVENT_LENGTH_MAX = 16 * 1024 * 1024
_LINE_END = re.compile(r"[\r\n]")
_DATA = "data:"


class SseReader:
    """Whatever else comes is skipped: it is the host's to judge."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        #: What has come of the line, and the data of the event, that have not ended.
        self._line: list[str] = []
        self._data: list[str] = []
        self._line_length = 0
        self._event_length = 0
        self._is_after_return = False

    def push(self, piece: str | bytes | bytearray | memoryview) -> list[object]:
        """The data of the events that end with this piece."""
        text = piece if isinstance(piece, str) else self._decoder.decode(bytes(piece))
        events: list[object] = []
        start = 0
        for found in _LINE_END.finditer(text):
            end = found.start()
            # A line break may be two characters, and cut in between.
            is_second_half = self._is_after_return and end == start and text[end] == "\n"
            if not is_second_half:
                self._end_line(text[start:end], events)
            self._is_after_return = text[end] == "\r"
            start = end + 1
        if start < len(text):
            self._is_after_return = False
            self._keep(text[start:])
        return events

    def end(self) -> list[object]:
        """What the stream ended in, without the empty line behind it."""
        return self.push("\n\n")

    def _keep(self, part: str) -> None:
        self._line_length += len(part)
        self._event_length += len(part)
        if self._event_length <= _EVENT_LENGTH_MAX:
            self._line.append(part)

    def _end_line(self, part: str, events: list[object]) -> None:
        self._keep(part)
        line = "".join(self._line)
        if self._line_length == 0:
            self._end_event(events)
        elif line.startswith(_DATA):
            self._data.append(line[len(_DATA) :])
        self._line = []
        self._line_length = 0

    def _end_event(self, events: list[object]) -> None:
        if self._event_length <= _EVENT_LENGTH_MAX:
            try:
                events.append(json.loads("\n".join(self._data)))
            except (ValueError, RecursionError):
                pass  # `[DONE]`, or no JSON
        self._data = []
        self._event_length = 0
