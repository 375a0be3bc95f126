from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.trace import Event, Trace

TEXT = st.text(max_size=8)
EVENTS = st.builds(
    Event,
    st.integers(),
    st.integers(0, 10**6),
    TEXT,
    TEXT,
    TEXT,
    st.dictionaries(
        st.sampled_from(["page", "frame", "time", "track"]) | TEXT,
        st.integers() | TEXT | st.none() | st.floats(allow_nan=False, allow_infinity=False),
        max_size=3,
    ),
)


@given(st.lists(EVENTS, max_size=5))
def test_json_lines_come_back_as_they_were(events: list[Event]) -> None:
    trace = Trace(events)
    assert Trace.from_json_lines(trace.to_json_lines()) == trace


def test_a_line_that_is_no_event_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        Trace.from_json_lines('[0, 0, "a", "b", "c", {}]\n{"not": "an event"}\n')


@pytest.mark.parametrize(
    "line",
    [
        '["5","1",null,true,[1],{}]',
        '["5",0,"a","b","c",{}]',
        '[1.7,0,"a","b","c",{}]',
        '[true,0,"a","b","c",{}]',
        '[1,0.5,"a","b","c",{}]',
        '[1,-1,"a","b","c",{}]',
        '[1,false,"a","b","c",{}]',
        '[1,0,null,"b","c",{}]',
        '[1,0,"a",true,"c",{}]',
        '[1,0,"a","b",[1],{}]',
        '[1,0,"a","b","c",[]]',
        '[1,0,"a","b","c",[["page",1]]]',
        '[1,0,"a","b","c",{},0]',
        '[NaN,0,"a","b","c",{}]',
        '[1,0,"a","b","c",{"page":NaN}]',
        '[1,0,"a","b","c",{"page":-Infinity}]',
        '[1,0,"a","b","c",{"page":1e999}]',
        '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}',
        '"abcdef"',
        "[" * 100_000,
        "",
    ],
)
def test_what_is_no_event(line: str) -> None:
    with pytest.raises(BadInput, match="line 1 is not an event"):
        Trace.from_json_lines(line + "\n[0,0,1]")


def test_what_json_does_not_have_is_not_written() -> None:
    trace = Trace()
    trace.add(0, "a", "b", "c", ratio=float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        trace.to_json_lines()


def test_where_counts_and_tracks() -> None:
    trace = Trace()
    trace.add(0, "A", "hit", "page 1", page=1)
    trace.add(1, "B", "fault", "page 2", page=2)
    trace.add(2, "A", "fault", "page 3", page=3)
    assert trace.counts() == {"hit": 1, "fault": 2}
    assert trace.tracks() == ["A", "B"]
    assert [e.name for e in trace.where(kind="fault", track="A")] == ["page 3"]
    assert [e.time for e in trace.where(lambda e: e.details["page"] < 3)] == [0, 1]


def test_chrome_has_a_named_thread_for_each_track() -> None:
    """Shape after the "Trace Event Format" (Google, 2016): ph, ts, pid, tid; dur for X, s for i."""
    trace = Trace()
    trace.add(10, "cpu 0", "run", "A", duration=5)
    trace.add(12, "disk", "interrupt", "done", sector=8)
    chrome = json.loads(json.dumps(trace.to_chrome()))["traceEvents"]
    assert [(e["ph"], e["args"]["name"]) for e in chrome[:2]] == [("M", "cpu 0"), ("M", "disk")]
    run, interrupt = chrome[2:]
    assert (run["ph"], run["ts"], run["dur"], run["cat"]) == ("X", 10, 5, "run")
    assert (interrupt["ph"], interrupt["s"], interrupt["args"]) == ("i", "t", {"sector": 8})
    assert run["tid"] != interrupt["tid"]
