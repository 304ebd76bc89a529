"""Connections that end at a deadline, however slowly the other side goes on."""

from __future__ import annotations

import io
import socket
import ssl
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Cut:
    """Ends a call from another thread."""

    def __init__(self) -> None:
        self._is_cut = False
        self._socket: socket.socket | None = None

    @property
    def is_cut(self) -> bool:
        return self._is_cut

    def cut(self) -> None:
        self._is_cut = True
        if self._socket is not None:
            try:
                # Of the plain socket: TLS would be taken apart under the hands of the thread that reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                pass  # it was over before

    def watch(self, connection: socket.socket) -> None:
        self._socket = connection
        if self._is_cut:
            raise TimeoutError("cut")

    def let_go(self) -> None:
        """Closes the connection. In a process that was forked, that of its parent stays as it is."""
        if self._socket is not None:
            self._socket.close()


class Deadline:
    def __init__(self, end_s: float, cut: Cut) -> None:
        self._end_s = end_s
        self.cut = cut

    @property
    def is_over(self) -> bool:
        return self.cut.is_cut or time.monotonic() >= self._end_s

    def left_s(self) -> float:
        """Above 0. Raises TimeoutError when the time is over, or the call was cut."""
        left_s = self._end_s - time.monotonic()
        if self.is_over or left_s <= 0:
            raise TimeoutError("over")
        return left_s


class DeadlineSocket:
    """As much of a socket as `http.client` uses. Each operation may take what is left for all of them."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(self._deadline.left_s())
            rest = rest[self._connection.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._connection, self._deadline))

    def close(self) -> None:
        """`http.client` closes before the answer was read to its end: whoever connected closes."""


class _Reader(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._connection.settimeout(self._deadline.left_s())
        return self._connection.recv_into(buffer)


def connect(host: str, port: int, tls: ssl.SSLContext | None, deadline: Deadline) -> DeadlineSocket:
    """To the first address of the host that answers. Raises OSError. `cut.let_go` closes it."""
    # Looking up a name knows no deadline: nobody but a thread of ours waits for it.
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    trouble = OSError("no address")
    for at, (family, kind, protocol, _, address) in enumerate(addresses):
        connection = socket.socket(family, kind, protocol)
        try:
            deadline.cut.watch(connection)
            left_s = deadline.left_s()
            is_last = at == len(addresses) - 1
            connection.settimeout(left_s if is_last else left_s / 2)  # a silent one leaves time
            connection.connect(address)
        except OSError as error:
            connection.close()
            trouble = error
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                connection = _secured(connection, host, tls, deadline)
            return DeadlineSocket(connection, deadline)
    raise trouble


def _secured(
    connection: socket.socket, host: str, tls: ssl.SSLContext, deadline: Deadline
) -> socket.socket:
    """Raises OSError unless the certificate is the host's."""
    connection.settimeout(deadline.left_s())
    secured = tls.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
    deadline.cut.watch(secured)
    secured.do_handshake()
    return secured
