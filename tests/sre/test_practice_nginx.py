"""The page's piece of nginx configuration, run by nginx itself where there is one."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tools import parity

PAGES = Path(__file__).parents[2] / "docs"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
FRAME = """\
pid {here}/pid;
error_log {here}/error.log;
events {{}}
http {{
access_log off;
client_body_temp_path {here}/body;
proxy_temp_path {here}/proxy;
fastcgi_temp_path {here}/fastcgi;
uwsgi_temp_path {here}/uwsgi;
scgi_temp_path {here}/scgi;
{piece}
}}
"""


def piece(language: str) -> str:
    text = (PAGES / language / "sre" / "practice.md").read_text(encoding="utf-8")
    assert parity.read(text).facts
    found = re.search(r"```nginx\n(.*?)```", text, re.S)
    assert found is not None
    return found[1]


def answers(path: Path, count: int) -> list[str]:
    """One request after the other on one connection."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        file = connection.makefile("rb")
        got = []
        for _number in range(count):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            length = 0
            while (line := file.readline().strip().lower()) != b"":
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            got.append(file.read(length).decode().strip())
        return got


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_one_per_cent_of_the_requests(tmp_path: Path) -> None:
    """900 requests at 1%: from none to 30 but once in hundreds of millions of runs."""
    assert NGINX is not None and piece("ko") == piece("en")
    listening = piece("en").replace("server {", "server {\n listen unix:sock;\n", 1)
    listening = listening.replace("unix:sock", f"unix:{tmp_path}/sock")
    settings = tmp_path / "nginx.conf"
    settings.write_text(FRAME.format(here=tmp_path, piece=listening), encoding="utf-8")
    command = [NGINX, "-p", str(tmp_path), "-c", str(settings), "-e", str(tmp_path / "error.log")]
    subprocess.run(command, check=True, capture_output=True, timeout=20)
    try:
        got = answers(tmp_path / "sock", 900)
    finally:
        subprocess.run([*command, "-s", "stop"], check=True, capture_output=True, timeout=20)
    assert set(got) <= {"new", "old"} and len(got) == 900
    assert got.count("new") <= 30
