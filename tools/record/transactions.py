"""Record what SQLite holds after its process was killed between two statements.

    python -m tools.record.transactions

writes ``lab_kernel/recordings/transactions.json``. A process of its own runs the statements of an
order and waits before each of them; it is killed with SIGKILL before the first, the second and so
on, and afterwards another connection reads what is there. First the order in one database, with
one transaction and without; then a row and an event, the broker being a file to which a line is
added. The relay of the outbox is started again after the kill.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.record.shelf import keep, metadata

SCHEMA = """
CREATE TABLE orders (number INTEGER PRIMARY KEY, state TEXT);
CREATE TABLE stock (left INTEGER);
CREATE TABLE payment (money INTEGER, till INTEGER);
CREATE TABLE outbox (event TEXT PRIMARY KEY, sent INTEGER);
INSERT INTO stock VALUES (10);
INSERT INTO payment VALUES (100, 0);
"""
CREATE = ("create", "INSERT INTO orders VALUES (1, 'pending')")
RESERVE = ("reserve", "UPDATE stock SET left = left - 1")
CHARGE = ("charge", "UPDATE payment SET money = money - 30, till = till + 30")
CONFIRM = ("confirm", "UPDATE orders SET state = 'placed' WHERE number = 1")
BEGIN, COMMIT = ("begin", "BEGIN"), ("commit", "COMMIT")
ORDER = ("order", "INSERT INTO orders VALUES (1, 'placed')")
EVENT = ("event", "INSERT INTO outbox VALUES ('order 1 placed', 0)")
SEND = ("send", "")  # a line to the broker's file
MARK = ("mark sent", "UPDATE outbox SET sent = 1")
Statements = Sequence[tuple[str, str]]
SHOP: dict[str, Statements] = {
    "apart": (CREATE, RESERVE, CHARGE, CONFIRM),
    "together": (BEGIN, CREATE, RESERVE, CHARGE, CONFIRM, COMMIT),
}
EVENTS: dict[str, Statements] = {
    "row-first": (ORDER, SEND),
    "event-first": (SEND, ORDER),
    "outbox": (BEGIN, ORDER, EVENT, COMMIT, SEND, MARK),
}
# What runs in the process: a statement for each line that it reads.
PROGRAM = """
import json, os, sqlite3, sys
base = sqlite3.connect("shop.db", isolation_level=None)
for name, statement in json.loads(sys.argv[1]):
    print(name, flush=True)
    sys.stdin.readline()
    if statement:
        base.execute(statement)
    else:
        with open("events", "a") as broker:
            print("order 1 placed", file=broker, flush=True)
            os.fsync(broker.fileno())
print("end", flush=True)
sys.stdin.readline()
"""


def run(where: Path, statements: Statements, passed: int) -> str:
    """So many statements are let through, then it is killed; what it would have done next."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", PROGRAM, json.dumps(statements)],
        cwd=where, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        for _statement in range(passed):
            process.stdout.readline()
            process.stdin.write("go\n")
            process.stdin.flush()
        return process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def killed(statements: Statements, passed: int, relay: bool) -> tuple[str, str, int]:
    """Where it was killed, what the tables hold then, and how often the event was sent."""
    with tempfile.TemporaryDirectory() as made:
        where = Path(made)
        base = sqlite3.connect(where / "shop.db")
        base.executescript(SCHEMA)
        base.close()
        step = run(where, statements, passed)
        base = sqlite3.connect(where / "shop.db")
        [waiting] = base.execute("SELECT count(*) FROM outbox WHERE sent = 0").fetchone()
        base.close()
        if relay and waiting:
            run(where, (SEND, MARK), 2)
        base = sqlite3.connect(where / "shop.db")
        [[left]] = base.execute("SELECT left FROM stock")
        [[money, till]] = base.execute("SELECT money, till FROM payment")
        [state] = base.execute("SELECT state FROM orders").fetchone() or ["none"]
        base.close()
        events = where / "events"
        sent = len(events.read_text().splitlines()) if events.exists() else 0
    return step, f"order {state}, left {left}, money {money}, till {till}", sent


def record() -> dict[str, object]:
    """The snapshot as it is stored."""
    entries = []
    for name, statements in {**SHOP, **EVENTS}.items():
        output = []
        for passed in range(len(statements) + 1):
            step, rows, sent = killed(statements, passed, relay=name == "outbox")
            found = rows if name in SHOP else f"{rows.split(',')[0]}, event sent {sent}x"
            output.append(f"killed before {step:9} -> {found}")
        shown = [statement or "echo order 1 placed >> events" for _name, statement in statements]
        command = f"kill -9   # before each of: {', '.join(step for step, _text in statements)}"
        entry = {"name": name, "command": command, "statements": shown, "output": output}
        entries.append(entry)
    about = f"SQLite {sqlite3.sqlite_version}, its process killed between two statements"
    return {"metadata": metadata("transactions", about), "entries": entries}


if __name__ == "__main__":
    keep("transactions", record())
