"""A server, what it was told, and a chat that it meters: what the tests of agents and of frameworks have alike."""

from __future__ import annotations

import unittest
from typing import Any

from usageflow.core import UsageFlowError

from .control_server import ControlServer, policy

_TOKENS, _MODEL = "/response/body/usage/total_tokens", "/request/body/model"
_PARAMETER, _TEAM = "/request/params/chat", "/metadata/team"

#: Its rule reads both bodies, the path, and what the host says.
METERED_CHAT = policy(
    limits=[],
    metering=[
        {
            "id": "mrl_1",
            "event": "AI_TOKEN",
            "when": ["2xx"],
            "isSummable": False,
            "captures": [_TOKENS, _MODEL, _PARAMETER, _TEAM],
        }
    ],
)
#: Events of 12 tokens, cut where no event ends.
CHAT_PIECES = (b'data: {"delta":"x"}\n\nda', b'ta: {"usage":{"total_tokens":12}}\n\ndata: [DONE]\n\n')


class ControlWorld(unittest.TestCase):
    def setUp(self) -> None:
        self.server = ControlServer()
        self.addCleanup(self.server.stop)
        self.errors: list[UsageFlowError] = []

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Of all reports."""
        return [row for each in self.server.said("reports") for row in each.get(name, [])]

    def counted(self, method: str, route: str | None) -> list[tuple[str, int]]:
        """The statuses and the bytes of what went out."""
        rows = [row for row in self.rows("statistics") if row["method"] == method]
        found = [row for row in rows if row["route"] == route]
        return [(status, row["responseBytes"]) for row in found for status in row["statuses"]]

    def check_metered_chat(self) -> None:
        """Of Ada, with the large model and for the red team, in the chat c1."""
        [usage] = self.server.stored.values()
        self.assertEqual(
            usage["fields"], {_TOKENS: 12, _MODEL: "large", _PARAMETER: "c1", _TEAM: "red"}
        )
        self.assertEqual((usage["route"], usage["customerId"]), ("/api/chats/:chat", "ada"))
        self.assertEqual(usage["metadata"], {"team": "red"})
