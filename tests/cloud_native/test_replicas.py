"""Replicas of an application that really runs, and the sessions that they lose."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.cloud_native.replicas import (
    BALANCERS,
    PROD_URL,
    ROUND_ROBIN,
    STICKY,
    Store,
    load,
    serve,
)
from lab_kernel.cloud_native.samples import FIXES, LEGACY, NEW, Application, fixed
from lab_kernel.errors import BadInput

CONFIG = fixed(LEGACY, ["config"])
STATELESS = fixed(LEGACY, ["config", "state"])


def test_only_stateless_can_be_scaled() -> None:
    """Fact N03: configuration from outside is not yet enough."""
    assert not serve(LEGACY, 1).lost
    assert len(serve(LEGACY, 3).lost) == len(serve(CONFIG, 3).lost) == 11
    assert not serve(STATELESS, 3).lost and not serve(NEW, 3).lost


def test_sticky_sessions_hide_it_until_a_replica_dies() -> None:
    assert not serve(LEGACY, 3, balancer=STICKY).lost
    run = serve(LEGACY, 3, balancer=STICKY, dies_at=30)
    assert run.deaths == [(30, 2)] and len(run.lost) == 3
    victims = {each.session for each in run.requests if each.replica == 2}
    assert run.lost <= victims
    assert not serve(STATELESS, 3, balancer=STICKY, dies_at=30).lost


@given(
    replicas=st.integers(1, 9),
    balancer=st.sampled_from(BALANCERS),
    dies_at=st.none() | st.integers(0, 59),
    seed=st.integers(0, 99),
)
def test_state_in_a_backing_service_loses_nothing(
    replicas: int, balancer: str, dies_at: int | None, seed: int
) -> None:
    for application in (STATELESS, NEW, fixed(LEGACY, FIXES)):
        run = serve(application, replicas, balancer=balancer, dies_at=dies_at, seed=seed)
        assert not run.lost
        assert len(run.requests) == 60


@given(replicas=st.integers(1, 9), seed=st.integers(0, 99))
def test_in_memory_a_cart_holds_what_its_replica_was_given(replicas: int, seed: int) -> None:
    """An account of its own: by (session, replica), without the application."""
    run = serve(LEGACY, replicas, seed=seed)
    kept: dict[tuple[str, int], list[str]] = {}
    for each in run.requests:
        kept.setdefault((each.session, each.replica), []).append(f"item {each.number}")
        assert list(each.cart) == kept[each.session, each.replica]
    assert bool(run.lost) == any(not each.complete for each in run.requests)


def test_one_replica_loses_all_that_began_before_its_death() -> None:
    run = serve(LEGACY, 1, dies_at=30)
    before = {each.session for each in run.requests[:30]}
    after = {each.session for each in run.requests[30:]}
    assert run.lost == before & after


def test_configuration_in_the_code_reaches_production_from_a_test() -> None:
    """Factor III: the old program opens production's store wherever it is started."""
    prod, ours = Store(), Store()
    services = {PROD_URL: prod, "kv://test/carts": ours}
    handle = load(fixed(LEGACY, ["state"]), {"KV_URL": "kv://test/carts"}, services)
    handle("s1", "spoon")
    assert prod.lists == {"s1": ["spoon"]} and not ours.lists
    settings = {"KV_URL": "kv://test/carts", "API_KEY": "-", "PORT": "1"}
    load(STATELESS, settings, services)("s2", "fork")
    assert ours.lists == {"s2": ["fork"]}


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="KV_URL"):
        load(NEW, {}, {})
    with pytest.raises(BadInput, match="nothing answers"):
        load(NEW, {"KV_URL": "kv://nowhere"}, {})
    with pytest.raises(BadInput, match="requests"):
        load(Application("import requests", ""), {}, {})
    with pytest.raises(BadInput, match="replicas"):
        serve(NEW, 0)
    with pytest.raises(BadInput, match=ROUND_ROBIN):
        serve(NEW, balancer="random")


@pytest.mark.parametrize("name", ["memory", "service"])
def test_three_real_processes_counted_the_same(name: str) -> None:
    """The recording: the same texts, served over HTTP by processes of a real Linux."""
    application = NEW if name == "service" else fixed(LEGACY, ["config", "logs"])
    services = {PROD_URL: Store()}
    settings = {"KV_URL": PROD_URL, "API_KEY": "-", "PORT": "1"}
    replicas = [load(application, settings, services) for _n in range(3)]
    output = host.recording("replicas").data[name]["output"].splitlines()
    for line in output:
        if told := re.fullmatch(r"(\d+) (\w+) -> replica (\d): (\d+) of \d+", line):
            number, customer, replica, shown = told.groups()
            cart = replicas[int(replica) - 1](customer, f"item {number}")
            assert len(cart) == int(shown), line
        else:
            assert line.endswith("started again")
            replicas[0] = load(application, settings, services)
    stopped = {"memory": "-15", "service": "0"}[name]  # factor IX: only the new one ends by itself
    assert f"exit status {stopped};" in "".join(output)
