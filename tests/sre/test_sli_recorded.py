"""The recorded log's indicators against DuckDB, which reads the file by its own means.

DuckDB: read_csv of the gzipped lines, regexp_extract, SQL aggregates and quantile_disc. None of
it is ours but the words of the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import duckdb
import pytest

from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.access_log import AccessLog
from lab_kernel.sre.sli.condition import condition
from lab_kernel.sre.sli.histogram import Buckets, LogHistogram, quantile
from lab_kernel.sre.sli.indicator import measure

FORM = r'^(\S+) - \S+ \[([^\]]+) \+0000\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)" (\d+\.\d{3})$'
NAMES = ["address", "time", "request", "status", "bytes", "referer", "agent", "seconds"]
TABLE = """
    create table events as
    select epoch(strptime(f.time, '%d/%b/%Y:%H:%M:%S'))::bigint as time, f.seconds::double as s,
        f.status::int as status, f.bytes::bigint as bytes, f.agent as agent,
        regexp_extract(f.request, '^\\S+ ([^ ?]*)\\S* HTTP/', 1) as path, line
    from (
        select line, regexp_extract(line, ?, ?) as f
        from read_csv(?, columns = {'line': 'varchar'}, delim = '\x01', quote = '', escape = '',
            header = false)
    )
"""


@pytest.fixture(scope="module")
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        log = str(files("lab_kernel") / "recordings" / "access.log.gz")
        connection.execute("set threads to 1")
        connection.execute(TABLE, [FORM, NAMES, log])
        yield connection


def rows(base: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return base.execute(query).fetchall()


def test_it_reads_the_same_events(base: duckdb.DuckDBPyConnection) -> None:
    log = AccessLog(recorded.lines())
    events = list(log)
    assert (log.malformed, log.empty, log.examples) == (0, 0, [])
    assert log.lines == len(events) == recorded.told()["lines"]["access"]
    ours = [(e.time, e.seconds, e.status, e.bytes, e.agent) for e in events]
    assert rows(base, "select time, s, status, bytes, agent from events") == ours
    paths = rows(base, "select path from events where path != ''")
    assert paths == [(e.path,) for e in events if e.method]


@pytest.mark.parametrize(
    ("ours", "sql"),
    [
        ("status<500", "status < 500"),
        ("status<500 and seconds<0.3", "status < 500 and s < 0.3"),
        ("not (status>=499 or seconds>100ms)", "status < 499 and s <= 0.1"),
        ('path=="/products/*" and 200<=status<400', "path like '/products/%' and status < 400"),
        ('agent!="kube-probe/*"', "agent not like 'kube-probe/%'"),
    ],
)
def test_ratios(base: duckdb.DuckDBPyConnection, ours: str, sql: str) -> None:
    """Good and valid of the whole log, and of every five minutes, to the event."""
    done = measure(
        recorded.events(), 300, good=condition(ours), valid=condition('path!="/healthz"')
    )
    windows = [(w.start, w.tally.valid, w.tally.good) for w in done.windows if w.tally]
    valid = "path != '/healthz'"
    select = f"count(*), count(*) filter ({sql}) from events where {valid}"
    assert rows(base, f"select {select}") == [(done.whole.valid, done.whole.good)]
    by_window = f"select time // 300 * 300 as w, {select} group by w order by w"
    assert rows(base, by_window) == windows
    assert done.excluded == rows(base, f"select count(*) from events where not {valid}")[0][0]
    assert done.late == 0


def test_the_exact_quantiles(base: duckdb.DuckDBPyConnection) -> None:
    """Nearest rank is DuckDB's quantile_disc."""
    values = sorted(e.seconds for e in recorded.events())
    qs = (0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0)
    theirs = rows(base, f"select unnest(quantile_disc(s, {list(qs)})) from events")
    assert [quantile(values, q) for q in qs] == [value for (value,) in theirs]


def test_the_histogram_keeps_its_word(base: duckdb.DuckDBPyConnection) -> None:
    """Within 1% of the exact quantiles, of the whole hour and of every minute."""
    done = measure(recorded.events(), 60, good=condition("status<500"))
    qs = (0.5, 0.95, 0.99)
    query = f"select time // 60 * 60 as w, quantile_disc(s, {list(qs)}), max(s), avg(s)"
    theirs = rows(base, query + " from events group by w order by w")
    ours = [w for w in done.windows if w.tally]
    assert [w.start for w in ours] == [row[0] for row in theirs]
    pairs = [(w.tally, *row[1:]) for w, row in zip(ours, theirs, strict=True) if w.tally]
    whole = rows(base, f"select quantile_disc(s, {list(qs)}), max(s), avg(s) from events")[0]
    for tally, exact, most, mean in [*pairs, (done.whole, *whole)]:
        for q, value in zip(qs, exact, strict=True):  # type: ignore[call-overload]
            assert tally.latency.quantile(q) == pytest.approx(value, rel=0.01 + 1e-9)
        assert tally.latency.most == most
        assert tally.latency.mean == pytest.approx(mean)


def test_throughput_and_littles_law(base: duckdb.DuckDBPyConnection) -> None:
    """Concurrency against a sweep over the begins and ends of all requests."""
    done = measure(recorded.events(), 60, good=condition("status<500"))
    list(done.windows)
    count, span, busy = rows(
        base, "select count(*), max(time) - min(time) + 1, sum(s) from events"
    )[0]
    assert done.seconds == span
    assert done.whole.throughput(done.seconds) == pytest.approx(count / span)
    assert done.whole.concurrency(done.seconds) == pytest.approx(busy / span)
    sweep = """
        select sum(n * (next - t)) / (max(t) - min(t)) from (
            select t, sum(d) over (order by t) as n, lead(t) over (order by t) as next from (
                select t, sum(d) as d from (
                    select time - s as t, 1 as d from events
                    union all select time::double as t, -1 as d from events
                ) group by t))
    """
    assert rows(base, sweep)[0][0] == pytest.approx(busy / span, rel=0.01)


def test_shares_at_the_bounds_of_buckets(base: duckdb.DuckDBPyConnection) -> None:
    found = Buckets(values=(e.seconds for e in recorded.events()))
    for bound in found.bounds:
        theirs = rows(base, f"select count(*) from events where s <= {bound}")[0][0]
        assert found.at_most(bound) == theirs


@pytest.mark.parametrize("name", recorded.NAMES)
def test_the_columns_are_the_events(name: str) -> None:
    """What is read quickly is what the parser reads."""
    log, events = recorded.events(name), list(AccessLog(recorded.lines(name)))
    assert list(log) == events
    assert len(log) == recorded.told()["lines"][name]
    assert log[7] == events[7] and log[-3:] == events[-3:]


def test_a_histogram_of_minutes_is_that_of_the_hour() -> None:
    done = measure(recorded.events(), 60, good=condition("status<500"))
    list(done.windows)
    whole = LogHistogram(e.seconds for e in recorded.events())
    assert done.whole.latency.buckets == whole.buckets
    assert done.whole.latency.zeros == whole.zeros


def test_the_faults_can_be_seen() -> None:
    """What was broken on purpose is in the log, where and when it was said to be."""
    shop = condition('path!="/static/app.js" and path!="/healthz"')
    asked = list(filter(shop, recorded.events()))
    for fault in recorded.faults():
        inside = [e for e in asked if fault.start < e.begin < fault.end]
        bad = sum(e.status >= 500 for e in inside) / len(inside)
        if fault.kind == "outage":
            assert bad > 0.95 and {e.status for e in inside if e.status > 499} == {502}
        elif fault.kind == "burst":
            checkout = [e.status for e in inside if e.path == "/checkout"]
            assert checkout.count(500) / len(checkout) > 0.6
        elif fault.kind == "slow":
            database = sorted(e.seconds for e in inside if e.path == "/products/1")
            assert (quantile(database, 0.5) or 0) > 0.15
        elif fault.kind == "burn":
            assert 0.001 < bad < 0.015
        elif fault.kind == "network":
            assert bad < 0.01  # the load balancer sees nothing of it
    clean = [e for e in asked if e.begin < recorded.faults()[0].start]
    assert sum(e.status >= 500 for e in clean) / len(clean) < 0.005
