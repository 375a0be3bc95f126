from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.external_links import Answer, ask, collect, follow, report

ANSWERS = {"/here": 200, "/moved": 301, "/robots": 403, "/gone": 404}


class Host(BaseHTTPRequestHandler):
    """Answers by path; refuses HEAD for /only-get, as some hosts do."""

    def do_HEAD(self) -> None:
        self._answer(405 if self.path == "/only-get" else ANSWERS.get(self.path, 404))

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/only-get" else ANSWERS.get(self.path, 404))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/here")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_ignored: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/here", "alive"),
        ("/moved", "alive"),
        ("/only-get", "alive"),
        ("/robots", "unclear"),
        ("/gone", "gone"),
    ],
)
def test_each_kind_of_answer_is_told_apart(host: str, path: str, verdict: str) -> None:
    assert ask(host + path, 0).verdict == verdict


def test_links_are_collected_from_pages_and_notebooks(tmp_path: Path) -> None:
    (tmp_path / "docs" / "ko").mkdir(parents=True)
    (tmp_path / "docs" / "ko" / "page.md").write_text(
        "[a](https://www.kernel.org/doc/html/latest/mm/#top). "
        "<https://en.wikipedia.org/wiki/Page_(computer_memory)>, [in](https://docs.kernel.org/a)\n"
        "http://127.0.0.1:8000/ and https://example.com/ are nobody's.",
        encoding="utf-8",
    )
    (tmp_path / "labs").mkdir()
    (tmp_path / "labs" / "lab.ipynb").write_text(
        r'{"source": ["see [a](https://man7.org/mmap.2.html)\n", "https://lwn.net/x\n"]}',
        encoding="utf-8",
    )
    assert collect(tmp_path) == {
        "https://docs.kernel.org/a": ["docs/ko/page.md"],
        "https://en.wikipedia.org/wiki/Page_(computer_memory)": ["docs/ko/page.md"],
        "https://lwn.net/x": ["labs/lab.ipynb"],
        "https://man7.org/mmap.2.html": ["labs/lab.ipynb"],
        "https://www.kernel.org/doc/html/latest/mm/": ["docs/ko/page.md"],
    }


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    busy: set[str] = set()
    together: list[str] = []

    def watch(address: str, _pause: float) -> Answer:
        name = address.split("/")[2]
        if name in busy:
            together.append(name)
        busy.add(name)
        threading.Event().wait(0.01)
        busy.discard(name)
        return Answer(address, "alive", "200")

    asked = [f"https://{name}/{n}" for n in range(3) for name in ("a.org", "b.org")]
    assert [answer.address for answer in follow(asked, 0, watch)] == sorted(asked)
    assert not together


def test_the_report_names_the_file_of_a_link_that_is_gone() -> None:
    written = report([Answer("https://a.org/x", "gone", "404")], {"https://a.org/x": ["docs/p.md"]})
    assert "## Gone" in written
    assert "docs/p.md" in written
