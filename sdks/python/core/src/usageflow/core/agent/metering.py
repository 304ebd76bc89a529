"""What policies meter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True)
class MeteringRule:
    """`id` never means anything else: a rule that was changed is another one."""

    id: str
    #: Classes of statuses, like `2xx`.
    when: tuple[str, ...]
    #: JSON pointers into the request and its answer.
    captures: tuple[str, ...]
    #: Requests that are alike may be told as one.
    is_summable: bool

    def is_due(self, status: int) -> bool:
        return f"{status // 100}xx" in self.when


def read_metering_rule(written: Mapping[str, object]) -> MeteringRule:
    """Raises KeyError, TypeError or ValueError for what this version does not understand."""
    return MeteringRule(
        id=str(written["id"]),
        when=_texts(written["when"]),
        captures=_texts(written["captures"]),
        is_summable=written["isSummable"] is True,
    )


def _texts(written: object) -> tuple[str, ...]:
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        raise ValueError("a metering rule has lists of texts")
    return tuple(cast("list[str]", written))
