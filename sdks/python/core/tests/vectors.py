"""The cases of `sdks/conformance`, as they stand in their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "conformance"


def read(file: str) -> Any:
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


def files() -> list[str]:
    return sorted(path.name for path in FOLDER.glob("*.json") if path.name != "manifest.json")


def expanded(value: Any) -> Any:
    """Puts in the texts that are written as `{"$join": [...]}` or `{"$repeat": [text, times]}`."""
    if isinstance(value, list):
        return [expanded(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$join" in value:
        return "".join(expanded(value["$join"]))
    if "$repeat" in value:
        text, times = value["$repeat"]
        return text * times
    return {name: expanded(each) for name, each in value.items()}
