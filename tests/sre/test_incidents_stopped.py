"""The experiment of the page on a real Linux: a process that hangs, and who waits for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing

import pytest

SERVER = """\
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _address = listener.accept()
    connection.sendall(b"ok")
    connection.close()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's signals")
def test_a_stopped_process_takes_connections_and_does_not_answer() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            address = ("127.0.0.1", int(server.stdout.readline()))

            def ask() -> socket.socket:
                return socket.create_connection(address, timeout=30)

            with closing(ask()) as steady:
                assert steady.recv(2) == b"ok"
            os.kill(server.pid, signal.SIGSTOP)
            os.waitid(os.P_PID, server.pid, os.WSTOPPED)  # until it has stopped
            with closing(ask()) as hasty, closing(ask()) as patient:
                hasty.settimeout(0.05)
                with pytest.raises(TimeoutError):
                    hasty.recv(2)
                os.kill(server.pid, signal.SIGCONT)
                assert patient.recv(2) == b"ok"
        finally:
            server.kill()
