from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import tempfile
from unittest import mock, skipUnless

from .world import WAIT_S, World

OPENSSL = shutil.which("openssl")


@skipUnless(OPENSSL, "no openssl here to make a certificate with")
class OverTls(World):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate = os.path.join(folder.name, "certificate.pem")
        key = os.path.join(folder.name, "key.pem")
        command = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {key}"
        name = "subjectAltName=DNS:localhost"
        subprocess.run(
            [str(OPENSSL), *command.split(), "-addext", name, "-out", self.certificate],
            check=True,
            capture_output=True,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.secure(context)

    def url(self, host: str) -> str:
        return f"https://{host}:{self.server.port}"

    def test_events_go_to_a_server_whose_certificate_is_trusted(self) -> None:
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": self.certificate}):
            client = self.client(base_url=self.url("localhost"))
            self.track_many(client, 3)
            client.flush(WAIT_S)
        self.expect(client, delivered=3)

    def test_a_server_that_drips_is_left_when_the_time_is_over(self) -> None:
        self.server.fault = "an answer of one byte a second"
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": self.certificate}):
            client = self.client(base_url=self.url("localhost"), timeout_s=2.5, flush_s=3_600)
            self.track_many(client, 1)
            client.flush(0.001)
            self.until(lambda: self.errors)
        self.assertRegex(str(self.errors[0]), "^There was no answer within 2.5 s")

    def test_nothing_goes_to_a_server_whose_certificate_is_not_trusted(self) -> None:
        client = self.client(base_url=self.url("localhost"))
        self.track_many(client, 3)
        self.until(lambda: self.errors)
        self.assertRegex(str(self.errors[0]), "CERTIFICATE_VERIFY_FAILED")
        self.assertEqual(self.server.requests, [])

    def test_nothing_goes_to_a_server_whose_certificate_has_another_name(self) -> None:
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": self.certificate}):
            client = self.client(base_url=self.url("127.0.0.1"))
            self.track_many(client, 3)
            self.until(lambda: self.errors)
        self.assertRegex(str(self.errors[0]), "CERTIFICATE_VERIFY_FAILED")
        self.assertEqual(self.server.requests, [])
