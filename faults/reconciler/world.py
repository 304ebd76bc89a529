"""What the harness set up, what it dumped, and what it expects of it."""

import json
from decimal import Decimal

SHOWN_MAX = 10


class Check:
    """One promise: how often it was looked at, and where it was broken."""

    def __init__(self, name, promise):
        self.name, self.promise = name, promise
        self.looked_at, self.broken, self.examples = 0, 0, []

    def expect(self, holds, *what):
        self.looked_at += 1
        if not holds:
            self.broken += 1
            if len(self.examples) < SHOWN_MAX:
                self.examples.append(" ".join(str(part) for part in what))

    def report(self):
        return {"name": self.name, "promise": self.promise, "lookedAt": self.looked_at,
                "broken": self.broken, "examples": self.examples}


def lines(path):
    if not path.exists():
        return
    with open(path, encoding="utf8") as file:
        for line in file:
            if line.endswith("\n"):  # the last line may have been cut off
                yield json.loads(line, parse_float=Decimal)


class World:
    """The harness's own account of what it set up, and the dumped tables by environment."""

    def __init__(self, folder):
        self.folder = folder
        described = json.loads((folder / "world.json").read_text(encoding="utf8"))
        self.environments = {env["name"]: env for env in described["environments"]}
        organizations = {row["name"]: row["id"] for row in self.table("organizations")}
        numbers = {(row["organization_id"], row["mode"]): row["env_id"]
                   for row in self.table("environments")}
        for env in self.environments.values():
            env["env_id"] = numbers[(organizations[env["organization"]], env["mode"])]
        self.by_id = {env["env_id"]: env for env in self.environments.values()}

    def table(self, name):
        return lines(self.folder / "dump" / f"{name}.ndjson")

    def rows(self, name):
        """The rows of our environments."""
        return (row for row in self.table(name) if row["env_id"] in self.by_id)
