"""Follow every link that leaves the site: `python -m tools.external_links [--report FILE.md]`.

Sources move, and a citation that leads nowhere is worth nothing. This asks every address in the
pages and the labs for an answer, one at a time on each host with a pause between, and writes what
it found. Exit code 1 when an address is gone (404, 410, no such host); one that merely refuses
robots or is overloaded today is listed for a person to look at, and does not fail.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

WHERE = ("README*.md", "CONTRIBUTING*.md", "docs/**/*.md", "labs/**/*.ipynb")
AGENT = "lab-kernel-link-check/1.0 (weekly; one request a second a host)"
PAUSE = 1.0  # seconds between two requests to one host
PATIENCE = 20.0  # seconds for one answer
TRIES = 3
HOSTS_AT_ONCE = 6

# An address ends before a space, a quote, a bracket or the escapes of a notebook's JSON. A closing
# parenthesis belongs to it only when it was opened inside, as in .../Page_(computer_memory).
_ADDRESS = re.compile(r"https?://(?:[^\s<>\"'`\\()\[\]{}|]|\([^\s<>\"'`\\()]*\))+")
_RESERVED = re.compile(r"https?://(?:127\.0\.0\.1|localhost|[\w.-]*example\.(?:com|org|net))\b")


@dataclass(frozen=True)
class Answer:
    """``verdict`` is ``alive``, ``gone`` or ``unclear``; ``said`` is why."""

    address: str
    verdict: str
    said: str


def collect(root: Path = Path()) -> dict[str, list[str]]:
    """Every outside address below ``root`` without its fragment, and the files it stands in."""
    found: dict[str, set[str]] = defaultdict(set)
    for pattern in WHERE:
        for path in root.glob(pattern):
            if not path.is_file() or ".ipynb_checkpoints" in path.parts:
                continue
            for address in _ADDRESS.findall(path.read_text(encoding="utf-8")):
                address = address.split("#")[0].rstrip(".,;:!?*_")
                if not _RESERVED.match(address):
                    found[address].add(path.relative_to(root).as_posix())
    return {address: sorted(files) for address, files in sorted(found.items())}


def ask(address: str, pause: float = PAUSE) -> Answer:
    """HEAD, then GET where HEAD is refused; again, later, when the host is busy."""
    said = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause * 5**attempt)
        for method in ("HEAD", "GET"):
            request = Request(_ascii(address), method=method, headers={"User-Agent": AGENT})
            try:
                with urlopen(request, timeout=PATIENCE) as response:
                    return Answer(address, "alive", str(response.status))
            except HTTPError as error:
                said = f"{error.code} {error.reason}"
                gone = error.code in (404, 410)
                error.close()
                if gone and method == "GET":
                    return Answer(address, "gone", said)
            except (URLError, HTTPException, OSError) as error:
                said = str(getattr(error, "reason", error))
                if "Name or service not known" in said or "No address associated" in said:
                    return Answer(address, "gone", "no such host")
                break
            time.sleep(pause)
        if said.startswith(("401", "403", "405", "406")):
            break
    return Answer(address, "unclear", said)


def follow(
    addresses: Iterable[str], pause: float = PAUSE, ask: Callable[[str, float], Answer] = ask
) -> list[Answer]:
    """Ask for each; hosts side by side, each host one at a time. In order of the addresses."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[urlsplit(address).netloc].append(address)

    def visit(same_host: list[str]) -> list[Answer]:
        answers = []
        for number, address in enumerate(same_host):
            if number:
                time.sleep(pause)
            answers.append(ask(address, pause))
        return answers

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        every = [answer for answers in pool.map(visit, hosts.values()) for answer in answers]
    return sorted(every, key=lambda answer: answer.address)


def report(answers: list[Answer], files: dict[str, list[str]]) -> str:
    """Markdown: what is gone, what to look at, how many are alive."""
    lines = ["# External links", ""]
    for verdict, title in (("gone", "Gone"), ("unclear", "To look at by hand")):
        chosen = [answer for answer in answers if answer.verdict == verdict]
        if chosen:
            lines += [f"## {title}", ""]
            lines += [f"- <{a.address}>: {a.said} ({', '.join(files[a.address])})" for a in chosen]
            lines.append("")
    alive = sum(answer.verdict == "alive" for answer in answers)
    return "\n".join([*lines, f"{alive} of {len(answers)} answered.", ""])


def _ascii(address: str) -> str:
    """The address with Korean and other letters as HTTP wants them."""
    parts = urlsplit(address)
    host = parts.netloc.encode("idna").decode()
    path, query = (quote(part, safe="/%:@!$&'()*+,;=~-._?") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.external_links", description=__doc__)
    parser.add_argument("--report", type=Path, help="write the findings here, as Markdown")
    options = parser.parse_args(arguments)
    files = collect()
    answers = follow(files)
    written = report(answers, files)
    print(written)
    if options.report:
        options.report.write_text(written, encoding="utf-8")
    return 1 if any(answer.verdict == "gone" for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
