"""Planned failure: experiments with a brake, the response, the postmortem, the game day.

Oracles: an independent count in the cluster's own Trace; the requests that the cluster loses while
a runbook is followed; Brier's definition (1950); the SRE workbook's policy (20% of four weeks).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.language import language
from lab_kernel.microservices.system import System
from lab_kernel.sre.incidents import experiment
from lab_kernel.sre.incidents.experiment import (
    AFTER,
    FAULTY,
    STEADY,
    Experiment,
    Result,
    Second,
    brake,
)
from lab_kernel.sre.incidents.faults import FAULTS, shop
from lab_kernel.sre.incidents.game_day import ROUNDS, GameDay, brier
from lab_kernel.sre.incidents.postmortem import HEADINGS, blame, draft, due, skeleton, timeline
from lab_kernel.sre.incidents.response import FOUR_WEEKS, PHASES, Incident, of_runbook
from lab_kernel.sre.practice.runbook import respond

SLO = Fraction(999, 1000)
END = STEADY + FAULTY + AFTER

# Experiments


@pytest.mark.parametrize(
    ("fault", "timeout", "optional", "verdict"),
    [
        ("kill a pod", None, False, "held"),
        ("slow dependency", 100, False, "aborted"),
        ("slow dependency", None, True, "aborted"),
        ("slow dependency", 100, True, "held"),
    ],
)
def test_a_fallback_needs_a_timeout(
    fault: str, timeout: int | None, optional: bool, verdict: str
) -> None:
    """A slow answer is only replaced by somebody who does not wait for it."""
    result = Experiment(fault, timeout, optional).run()
    assert result.verdict == verdict
    assert len(result.seconds) == END
    # whatever was stopped in time is over when the fault is
    assert result.share(STEADY + FAULTY, END) == 1


def test_the_brake_does_not_undo_the_damage() -> None:
    """Without a timeout the gateway's workers wait for a node that is gone, for ever."""
    result = Experiment("lose a node").run()
    assert result.stopped == STEADY + 3
    assert result.share(STEADY + FAULTY, END) == pytest.approx(0.29, abs=0.01)  # on the page
    assert timeline(result)[-1][0] == END  # it ends with the record, and not well


@pytest.mark.parametrize(("optional", "services"), [(True, 2), (False, 3)])
def test_a_third_of_every_service_is_away(optional: bool, services: int) -> None:
    """One node of three: a request is good if each service that it needs is on another one."""
    result = Experiment("lose a node", 100, optional, abort=0).run()
    expected, came = (2 / 3) ** services, 20 * FAULTY
    error = math.sqrt(expected * (1 - expected) / came)
    assert abs(result.share(STEADY, STEADY + FAULTY) - expected) < 4 * error
    assert result.verdict == "refuted"


@pytest.mark.parametrize(("fault", "timeout"), [("lose a node", 100), ("slow dependency", None)])
def test_it_counts_what_the_trace_holds(
    fault: str, timeout: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted again from the events of the cluster, and those who never got an answer."""
    made: list[System] = []

    def kept(timeout: int | None, *, optional: bool, seed: int) -> System:
        made.append(shop(timeout, optional=optional, seed=seed))
        return made[-1]

    monkeypatch.setattr(experiment, "shop", kept)
    plan = Experiment(fault, timeout, seed=4)
    result = experiment._run.__wrapped__(plan)
    (system,) = made
    ended = system.trace.where(track="load/gateway")
    first = min(each.began for each in system.requests) // 1000
    good = [0] * END
    for event in ended:
        if event.kind == "answered" and event.duration <= plan.within:
            good[event.time // 1000 - first] += 1
    assert [each.good for each in result.seconds] == good
    assert sum(each.came for each in result.seconds) == len(system.requests)
    assert result.bad == len(system.requests) - sum(good) > 20
    late = [e for e in ended if e.kind == "answered" and e.duration > plan.within]
    assert bool(late) == (timeout is None)


def test_stopping_later_never_fails_fewer() -> None:
    """The same seed with a brake that acts in second 11, 16, and never."""
    plan = Experiment("bad version", abort=0.8)
    early, late = replace(plan, window=1).run(), replace(plan, window=6).run()
    never = replace(plan, abort=0.0).run()
    assert (early.stopped, late.stopped, never.stopped) == (11, 16, None)
    assert early.bad < late.bad < never.bad
    assert (early.bad, late.bad, never.bad) == (10, 34, 86)  # on the page
    assert (early.verdict, never.verdict) == ("aborted", "refuted")
    assert early.spent(SLO, 10**6) == Fraction(early.bad, 1000)


def test_a_steady_state_that_is_not_steady_teaches_nothing() -> None:
    result = Experiment("kill a pod", within=20).run()
    assert result.verdict == "unsteady"


@pytest.mark.parametrize(
    ("argument", "values"),
    [
        ("fault", {"fault": "flood"}),
        ("good", {"good": 1.5}),
        ("abort", {"good": 0.9, "abort": 0.95}),
        ("window", {"window": 0}),
        ("within", {"within": 0}),
        ("timeout", {"timeout": 0}),
    ],
)
def test_bad_plans(argument: str, values: dict[str, object]) -> None:
    with pytest.raises(BadInput) as caught:
        Experiment(**{"fault": "kill a pod", **values}).run()  # type: ignore[arg-type]
    assert caught.value.argument == argument


def test_every_fault_can_be_taken_back() -> None:
    """Begun and ended at once, it leaves a shop that answers."""
    for fault in FAULTS.values():
        system = shop(100)
        fault.begin(system)
        fault.end(system)
        system.run(system.now + 1)
        system.load("gateway", 20, end=system.now + 1)
        system.run(system.now + 2)
        assert system.requests and not system.failed, fault.name


@st.composite
def series(draw: st.DrawFn) -> list[Second]:
    came = draw(st.lists(st.integers(0, 30), min_size=1, max_size=25))
    return [Second(each, draw(st.integers(0, each))) for each in came]


@given(series(), st.integers(1, 8), st.floats(0, 1), st.floats(0, 1))
def test_the_brake(seconds: list[Second], window: int, one: float, other: float) -> None:
    """It acts where a plain count says so first, and a higher threshold never acts later."""

    def plain(abort: float) -> int | None:
        for now in range(len(seconds) + 1):
            last = seconds[max(0, now - window) : now]
            came, good = sum(s.came for s in last), sum(s.good for s in last)
            if len(last) == window and came and good / came < abort:
                return now
        return None

    low, high = sorted((one, other))
    assert brake(seconds, window, low) == plain(low)
    early, late = brake(seconds, window, high), brake(seconds, window, low)
    assert late is None or (early is not None and early <= late)


# Response


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by_hand", [True, False])
def test_the_phases_explain_what_the_cluster_loses(by_hand: bool, seed: int) -> None:
    """The formula, against requests counted on the cluster; they come at random."""
    done = respond(by_hand=by_hand, seed=seed)
    incident = of_runbook(done)
    assert abs(incident.failed - done.lost) < 4 * math.sqrt(done.lost)
    assert 60 * (incident.diagnose + incident.mend) == pytest.approx(done.seconds)


MINUTES = st.floats(0, 1000)


@given(st.lists(MINUTES, min_size=5, max_size=5), st.floats(0, 1), st.integers(1, 10**5))
def test_phases_add_up(minutes: Sequence[float], impact: float, rate: int) -> None:
    incident = Incident(*minutes, per_minute=rate, impact=impact)
    assert incident.minutes == pytest.approx(sum(minutes))
    assert list(incident.took) == list(PHASES)
    # half of the last phase at full impact is the same triangle
    full = Incident(*minutes[:4], recover=0, per_minute=rate, impact=impact)
    last = rate * impact * minutes[4]
    assert incident.failed == pytest.approx(full.failed + last / 2)
    # the traffic does not matter for the share of the budget
    other = replace(incident, per_minute=1)
    assert float(incident.spent(SLO)) == pytest.approx(float(other.spent(SLO)))


def test_a_full_outage_of_the_whole_budget() -> None:
    """40.32 minutes are 0.1% of four weeks."""
    minutes = float(FOUR_WEEKS * (1 - SLO))
    outage = Incident(minutes, 0, 0, 0, 0)
    assert minutes == pytest.approx(40.32)
    assert float(outage.spent(SLO)) == pytest.approx(1)
    assert float(replace(outage, impact=0.25).spent(SLO)) == pytest.approx(0.25)


@pytest.mark.parametrize("name", ["detect", "recover", "impact", "per_minute"])
def test_bad_incidents(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        Incident(**{name: -1})
    assert caught.value.argument == name
    with pytest.raises(BadInput, match="impact"):
        Incident(impact=1.1)


# Postmortem


def _record(bad: int, stopped: int | None = 12) -> Result:
    seconds = [Second(30, 30)] * END
    seconds[STEADY] = Second(30, 30 - bad)
    return Result(Experiment("lost dependency"), tuple(seconds), stopped)


def test_more_than_a_fifth_and_not_a_fifth() -> None:
    """SRE workbook, Example Error Budget Policy: more than 20% of four weeks' budget."""
    assert due(_record(21).spent(SLO, 100_000)) and not due(_record(20).spent(SLO, 100_000))
    assert "is due" in skeleton(_record(21), SLO, 100_000)
    assert "not more than a fifth" in skeleton(_record(20), SLO, 100_000)
    with pytest.raises(BadInput, match="target"):
        skeleton(_record(1), 1)


def test_the_skeleton_is_filled_from_the_record() -> None:
    for lang in ("en", "ko"):
        with language(lang):
            text = skeleton(_record(7))
        assert text.count("\n## ") == len(HEADINGS)
        assert "10 s:" in text and "12 s:" in text and "11 s:" in text
        assert not blame(text)
        assert bool(re.search("[가-힣]", text)) == (lang == "ko")


def test_the_timeline_is_in_order() -> None:
    for record in (_record(5), _record(5, None), _record(0)):
        moments = [moment for moment, _what in timeline(record)]
        assert moments == sorted(moments)
    assert len(timeline(_record(0))) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "The operator forgot to raise the limit.",
        "Human error took the database away.",
        "A careless change broke the login.",
        "담당자가 실수로 테이블을 지웠다.",
        "부주의한 변경 때문에 로그인이 멈췄다.",
    ],
)
def test_words_of_blame(sentence: str) -> None:
    (found,) = blame(f"The alert came at 10:02. {sentence} It was over at 10:20.")
    assert found.sentence == sentence and found.words.lower() in sentence.lower()


@pytest.mark.parametrize(
    "sentence",
    [
        "Nothing told the two terminals apart.",
        "This is a blameless postmortem.",
        "두 터미널의 프롬프트가 똑같았다.",
        "사람을 탓하지 않는 기록이다.",
    ],
)
def test_sentences_without_blame(sentence: str) -> None:
    assert not blame(sentence)


def test_it_knows_words_and_no_meanings() -> None:
    """What the docstring admits: a reproach that it misses, and a sentence that it stops."""
    for lang in ("en", "ko"):
        with language(lang):
            assert len(blame(draft())) == 1  # of the two that blame
    assert blame("We do not write that somebody was careless.")


# Game day


def test_brier_by_his_own_definition() -> None:
    """0 for certainty that is right, 1 for certainty that is wrong, 1/4 for always one half."""
    happened = [True, False, True]
    assert brier([1, 0, 1], happened) == 0 and brier([0, 1, 0], happened) == 1
    assert brier([0.5] * 3, happened) == 0.25


@given(st.floats(0, 1), st.floats(0, 1))
def test_saying_what_one_believes_is_best(believed: float, said: float) -> None:
    """The score is proper: in the mean nothing beats the chance that one really sees."""

    def mean(chance: float) -> float:
        return believed * brier([chance], [True]) + (1 - believed) * brier([chance], [False])

    assert mean(believed) <= mean(said) + 1e-12


def test_a_game_day_is_drawn_and_scored() -> None:
    day = GameDay(0)
    plans = [each.plan for each in day.rounds]
    assert plans == [each.plan for each in GameDay(0).rounds] and len(plans) == ROUNDS
    assert len({plan.fault for plan in plans}) == ROUNDS
    held = [each.result.verdict == "held" for each in day.rounds]
    assert day.score([float(each) for each in held]) == 0
    for chances in ([0.5, 0.5], [0.5, 0.5, 1.5]):
        with pytest.raises(BadInput, match="chances"):
            day.score(chances)
    with pytest.raises(ValueError, match="zip"):
        brier([0.5], [])
