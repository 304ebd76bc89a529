from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PACKAGES = ("core", "fastapi", "flask")
FOLDER = Path(__file__).resolve().parents[1]

HOST = """
import sys
sys.path.insert(0, sys.argv[1])
import flask, usageflow
from fastapi import FastAPI
from usageflow.core import UsageFlow
from usageflow.fastapi import FastAPIUsageFlowAPI
from usageflow.flask import FlaskUsageFlowAPI

assert not hasattr(usageflow, "__file__") or usageflow.__file__ is None, "it is a namespace"
app = flask.Flask("shop")
app.add_url_rule("/", view_func=lambda: "well")
FlaskUsageFlowAPI().request_interceptor()(app)
assert app.test_client().get("/").data == b"well"
FastAPI().add_middleware(FastAPIUsageFlowAPI().request_interceptor())
"""


class Wheels(unittest.TestCase):
    """Of three distributions that share a namespace, as they are installed together."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_are_built_installed_and_imported_without_anything_but_the_frameworks(self) -> None:
        sources = [self.folder / name for name in PACKAGES]
        for source in sources:  # building leaves things behind
            shutil.copytree(
                FOLDER / source.name, source, ignore=shutil.ignore_patterns("build", "*.egg-info")
            )
        wheels = self.folder / "wheels"
        pip("wheel", "--no-build-isolation", "--wheel-dir", wheels, *sources)
        self.assertEqual(len(list(wheels.iterdir())), len(PACKAGES))
        installed = self.folder / "installed"
        pip("install", "--target", installed, *sorted(wheels.iterdir()))

        self.assertFalse((installed / "usageflow" / "__init__.py").exists())
        for name in PACKAGES:
            self.assertTrue((installed / "usageflow" / name / "py.typed").exists())
        environment = {**os.environ, "PYTHONPATH": ""}
        host = [sys.executable, "-c", HOST, str(installed)]
        ended = subprocess.run(host, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("Give an api_key, or set USAGEFLOW_API_KEY.", ended.stderr)


def pip(command: str, *arguments: object) -> None:
    call = [sys.executable, "-m", "pip", command, "--no-deps", "--no-index", "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    subprocess.run([*call, *map(str, arguments)], env=environment, check=True)
