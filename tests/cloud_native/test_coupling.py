"""How far a failure spreads.

The chain: independent serial parts multiply; 0.999 to the tenth is 0.99004. Reaching: whoever
needs the dead service, directly or not, by waiting for it, is found on the graph without a clock.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.cloud_native.coupling import (
    FALLBACK,
    HOWS,
    MIXED,
    QUEUE,
    SHOP,
    SYNC,
    TIMEOUT,
    Outcome,
    Shop,
    chain,
)
from lab_kernel.errors import BadInput

LEAVES = [name for name, calls in SHOP.items() if not calls and name != "front"]


def waits_for(dead: str) -> set[str]:
    found: set[str] = set()
    while True:
        more = {
            name
            for name, calls in SHOP.items()
            if name not in found and set(calls) & {dead, *found}
        }
        if not more:
            return found | {"front"}
        found |= more


def killed(dead: str, how: str) -> Outcome:
    return Shop(how=how).run(dead)


def test_the_chain() -> None:
    """Fact N01. 0.999^10 = 0.990045, 0.999^30 = 0.970431, 0.999^100 = 0.904792."""
    assert chain(10) == pytest.approx(0.990045, abs=1e-6)
    assert chain(30) == pytest.approx(0.970431, abs=1e-6)
    assert chain(100) == pytest.approx(0.904792, abs=1e-6)
    assert chain(0) == 1
    with pytest.raises(BadInput):
        chain(3, 1.5)


@pytest.mark.parametrize("how", HOWS)
def test_when_nothing_is_dead_everybody_is_served(how: str) -> None:
    outcome = killed("", how)
    assert not outcome.failing() and outcome.kept == 0
    assert all(ends["ok"] == 30 for ends in outcome.users.values())


@pytest.mark.parametrize("dead", LEAVES)
@pytest.mark.parametrize("how", [SYNC, TIMEOUT])
def test_whoever_waits_for_it_fails(how: str, dead: str) -> None:
    assert set(killed(dead, how).failing(dead)) == waits_for(dead)


@pytest.mark.parametrize("dead", LEAVES)
@pytest.mark.parametrize("how", [FALLBACK, QUEUE])
def test_whoever_does_not_need_the_answer_goes_on(how: str, dead: str) -> None:
    outcome = killed(dead, how)
    assert not outcome.failing(dead)
    assert outcome.kept == (30 if how == QUEUE else 0)


def test_waiting_for_ever_takes_those_along_who_never_needed_it() -> None:
    """The front's workers are used up: the catalogue fails for a letter that is not sent."""
    alone, together = killed("mail", TIMEOUT), killed("mail", SYNC)
    assert (alone.bad("catalogue"), together.bad("catalogue")) == (0, 22)
    assert alone.bad("checkout") == together.bad("checkout") == 30


def test_each_call_as_it_can_be() -> None:
    spread = {dead: len(Shop(how=TIMEOUT, ways=MIXED).run(dead).failing(dead)) for dead in LEAVES}
    assert spread == {"prices": 0, "stock": 2, "fraud": 0, "mail": 0}


@given(
    how=st.sampled_from(HOWS),
    dead=st.sampled_from(["", *SHOP]),
    workers=st.integers(1, 6),
    patience=st.integers(1, 8),
    every=st.integers(1, 9),
)
def test_nobody_is_counted_twice_or_forgotten(
    how: str, dead: str, workers: int, patience: int, every: int
) -> None:
    shop = Shop(how=how, workers=workers, patience=patience)
    outcome = shop.run(dead, requests=40, every=every)
    assert [sum(ends.values()) for ends in outcome.users.values()] == [20, 20]
    for one in outcome.services.values():
        assert one.unanswered >= 0 and one.workers >= 0
        if one.name != dead and how != SYNC:
            assert one.workers in (workers, 2 * workers)  # every worker came back


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="queue"):
        Shop(how="hope")
    with pytest.raises(BadInput, match="mail"):
        Shop().run("mall")
