"""Load balancing, fan-out and second copies, against what others have worked out.

Supermarket model: Mitzenmacher 2001, theorem 3. Balls: the exact distribution for one choice, and
for two Mitzenmacher's limit, ds_i/dt = s_{i-1}^2 - s_i^2 to t = 1, whose first is tanh 1. Fan-out:
the figures of Dean and Barroso, 2013. SimPy and DuckDB are the simulator and the percentile that
others wrote. Seeds are 0, 1, 2 and so on. Student's t: NIST/SEMATECH e-Handbook, section 1.3.6.7.2.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Generator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import duckdb
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.balancing import fanout, known
from lab_kernel.microservices.balancing.balls import throw
from lab_kernel.microservices.balancing.copies import Copies
from lab_kernel.microservices.balancing.policies import (
    POLICIES,
    AtRandom,
    Choices,
    JoinIdle,
    LeastLoaded,
    Policy,
)
from lab_kernel.microservices.balancing.servers import WARM_UP, simulate
from lab_kernel.percentile import percentile

T5 = 6.869  # 99.9%, both sides, 5 degrees of freedom: six replications


def close(values: list[float], expected: float, bias: float = 0.0) -> bool:
    """Within the 99.9% interval of six replications, ``bias`` wider for what is known exactly
    only for endlessly many servers."""
    half = T5 * statistics.stdev(values) / math.sqrt(6) + bias
    return len(values) == 6 and abs(statistics.fmean(values) - expected) <= half


# Balls


def chance_of_at_most(most: int, balls: int, bins: int) -> float:
    """n!/bins^n times the n-th coefficient of (sum of x^j/j! to most)^bins, bin after bin."""
    held = [1.0] + [0.0] * balls  # scaled by j! and bins^-j: the chance that j balls are placed
    for left in range(bins, 0, -1):
        after = [0.0] * (balls + 1)
        share = 1 / left
        for placed, p in enumerate(held):
            rest = balls - placed
            for j in range(min(most, rest) + 1):
                after[placed + j] += p * math.comb(rest, j) * share**j * (1 - share) ** (rest - j)
        held = after
    return held[balls]


def test_balls_one_choice_by_the_exact_distribution() -> None:
    bins = 32
    exact = sum(1 - chance_of_at_most(most, bins, bins) for most in range(12))
    found = [max(throw(bins, bins, 1, seed)) for seed in range(600)]
    half = 3.29 * statistics.stdev(found) / math.sqrt(600)  # 99.9%, normal
    assert abs(statistics.fmean(found) - exact) < half < 0.15


def test_balls_two_choices_by_the_limit() -> None:
    shares = [1.0] + [0.0] * 8
    for _step in range(1000):
        shares[1:] = [s + (before**2 - s**2) / 1000 for before, s in pairwise(shares)]
    assert shares[1] == pytest.approx(math.tanh(1), abs=1e-3)
    held = throw(50_000, 50_000, 2, seed=0)
    for number in (1, 2, 3):
        found = sum(h >= number for h in held) / 50_000
        assert found == pytest.approx(shares[number], abs=0.006), number


def test_the_fullest_bin() -> None:
    """ln n / ln ln n against ln ln n / ln 2: the leading terms, which leave out a constant."""
    assert known.fullest(100_000, 1) == pytest.approx(4.71, abs=0.01)
    assert known.fullest(100_000, 2) == pytest.approx(3.53, abs=0.01)
    one, two, three = (max(throw(100_000, 100_000, d, seed=0)) for d in (1, 2, 3))
    assert 7 <= one <= 9 and 3 <= two <= 4 and three <= two


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 4), st.integers(0, 9))
def test_no_ball_is_lost(balls: int, bins: int, choices: int, seed: int) -> None:
    held = throw(balls, bins, choices, seed)
    assert sum(held) == balls and len(held) == bins and max(held) >= balls / bins


# Servers


@pytest.mark.parametrize(
    ("load", "stay"), [(0.5, 1.2657), (0.7, 1.6145), (0.9, 2.6141), (0.99, 5.4320)]
)
def test_the_prediction_for_two_choices(load: float, stay: float) -> None:
    """Sum of load^(2^i - 2), by hand."""
    assert known.mean_stay(load, 2) == pytest.approx(stay, abs=5e-5)
    assert known.at_least(3, load, 2) == pytest.approx(load**7)
    assert known.at_least(3, load, 1) == pytest.approx(load**3)
    assert known.at_least(2, load, 3) == pytest.approx(load**4)


@pytest.mark.parametrize("choices", [1, 2, 3])
def test_supermarket_model(choices: int) -> None:
    """For 100 servers the limit is off by less than 1%: Mitzenmacher's own simulations say so."""
    policy: Callable[[], Policy] = AtRandom if choices == 1 else lambda: Choices(choices)
    runs = [simulate(policy(), 100, 0.7, 9000, seed=seed) for seed in range(6)]
    stay = known.mean_stay(0.7, choices)
    assert close([run.mean for run in runs], stay, 0.01 * stay)
    for customers in (1, 2, 3):
        found = [run.at_least(customers) for run in runs]
        assert close(found, known.at_least(customers, 0.7, choices), 0.01), customers


def test_one_server_is_mm1_whatever_the_policy() -> None:
    """W = 1/(1 - load); and with one server every policy does the same."""
    runs = {name: simulate(make(), 1, 0.5, 3000).stays for name, make in POLICIES.items()}
    assert all(stays == runs["random"] for stays in runs.values())
    found = [simulate(AtRandom(), 1, 0.5, 6000, seed=seed).mean for seed in range(6)]
    assert close(found, 2.0)


@pytest.mark.parametrize("name", POLICIES)
def test_littles_law(name: str) -> None:
    """The area below the number there, by levels, against the stays: equal up to both ends."""
    run = simulate(POLICIES[name](), 50, 0.8, 8000, seed=2)
    there = sum(run.at_least(n) for n in range(1, run.longest + 1))
    assert there == pytest.approx(0.8 * run.mean, rel=0.06)


def in_simpy(policy: Policy, servers: int, load: float, requests: int, age: float) -> list[float]:
    """The same servers written for SimPy, with the same streams of chance."""
    env = simpy.Environment()
    moments, work, chance = Random("moments 0"), Random("work 0"), Random("balancer 0")
    desks = [simpy.Resource(env) for _server in range(servers)]
    lengths = [0] * servers
    stays: dict[int, float] = {}
    looked: list[int] = [0] * servers

    def look() -> Generator[Any, Any, None]:
        while True:
            looked[:] = lengths
            yield env.timeout(age)

    def request(number: int, server: int, took: float) -> Generator[Any, Any, None]:
        began = env.now
        with desks[server].request() as turn:
            yield turn
            yield env.timeout(took)
        lengths[server] -= 1
        if not lengths[server]:
            policy.idle(server)
        stays[number] = env.now - began

    def arrivals() -> Generator[Any, Any, None]:
        for number in range(-round(WARM_UP * requests), requests):
            yield env.timeout(moments.expovariate(load * servers))
            server = policy.pick(looked if age else lengths, chance)
            lengths[server] += 1
            env.process(request(number, server, work.expovariate(1.0)))

    if age:
        env.process(look())
    done = env.process(arrivals())
    env.run(until=done)
    env.run(until=env.now + 500)
    return [stays[number] for number in range(requests)]


@pytest.mark.parametrize(("name", "age"), [("two", 0), ("least", 0), ("idle", 0), ("least", 3.0)])
def test_as_simpy_has_it(name: str, age: float) -> None:
    ours = simulate(POLICIES[name](), 8, 0.85, 1500, age=age)
    assert ours.stays == pytest.approx(in_simpy(POLICIES[name](), 8, 0.85, 1500, age))


def test_idle_servers_are_used_first() -> None:
    """No request waits while a server is idle, and the list never names one that is busy."""
    picks = []

    class Watched(JoinIdle):
        def pick(self, known: Sequence[int], chance: Random) -> int:
            server = super().pick(known, chance)
            picks.append((known[server], min(known)))
            return server

    simulate(Watched(), 10, 0.8, 2000)
    assert picks and all(length == 0 for length, least in picks if least == 0)


def test_old_news() -> None:
    """Mitzenmacher 2000: choosing the least loaded by old news is worse than choosing blindly."""

    def stay(policy: Policy, age: float, remembers: bool = False) -> float:
        return simulate(policy, 50, 0.9, 6000, age=age, remembers=remembers).mean

    blind = stay(AtRandom(), 0)
    assert stay(LeastLoaded(), 0) < stay(Choices(), 0) < blind / 2
    assert stay(LeastLoaded(), 10) > 1.5 * blind > stay(Choices(), 10)
    assert stay(LeastLoaded(), 10, remembers=True) < stay(Choices(), 10)
    assert stay(JoinIdle(), 10) == stay(JoinIdle(), 0)


# Fan-out


def test_the_figures_of_tail_at_scale() -> None:
    """1 in 100, 100 servers: 63%. 1 in 10,000, 2,000 servers: almost one in five."""
    assert fanout.meets_slow(0.01, 100) == pytest.approx(0.634, abs=5e-4)
    assert fanout.meets_slow(0.0001, 2000) == pytest.approx(0.181, abs=5e-4)


@given(st.floats(0.01, 0.999), st.integers(1, 5000))
def test_both_ways(share: float, leaves: int) -> None:
    assert 1 - fanout.meets_slow(1 - fanout.leaf_share(share, leaves), leaves) == pytest.approx(
        share, rel=1e-6
    )


def test_the_slowest_of_many() -> None:
    """P(max > t) = 1 - F(t)^n, and F by its closed form."""
    leaf = fanout.Leaf(slow=0.02)
    for leaves in (1, 10, 50):
        took = fanout.gather(leaf, leaves, 4000, seed=leaves)
        for moment in (20.0, 60.0, 200.0):
            expected = 1 - (1 - leaf.later(moment)) ** leaves
            error = 3.29 * math.sqrt(expected * (1 - expected) / 4000) + 1e-3
            found = sum(t > moment for t in took) / 4000
            assert abs(found - expected) < error, (leaves, moment)


def test_the_percentile_of_a_leaf_and_of_the_whole() -> None:
    leaf = fanout.Leaf()
    for percent, leaves in ((50, 1), (99, 1), (99, 100)):
        moment = leaf.percentile(percent, leaves)
        assert (1 - leaf.later(moment)) ** leaves == pytest.approx(percent / 100)
    moment = leaf.percentile(99, 100, after=50)
    assert (1 - leaf.later_hedged(moment, 50)) ** 100 == pytest.approx(0.99)
    assert fanout.Leaf(slow=0).percentile(99) == pytest.approx(-10 * math.log(0.01))


def test_a_hedged_answer() -> None:
    leaf, chance = fanout.Leaf(slow=0.05), Random(0)
    pairs = [(leaf(chance), leaf(chance)) for _n in range(20_000)]
    took = [min(a, 30 + b) if a > 30 else a for a, b in pairs]
    for moment in (10.0, 40.0, 100.0):
        expected = leaf.later_hedged(moment, 30)
        error = 3.29 * math.sqrt(expected * (1 - expected) / 20_000) + 1e-4
        assert abs(sum(t > moment for t in took) / 20_000 - expected) < error


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=60),
    st.sampled_from((1, 10, 50, 90, 95, 99, 100)),
)
def test_percentile_is_a_value_and_enough_are_below(values: list[int], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(v <= found for v in values) * 100 >= percent * len(values)
    assert sum(v < found for v in values) * 100 < percent * len(values)


def test_percentile_as_duckdb_has_it() -> None:
    chance = Random(1)
    for size in (1, 7, 40, 100):
        values = [chance.randrange(1000) for _n in range(size)]
        rows = ", ".join(f"({value})" for value in values)
        for percent in (7, 50, 90, 99):
            query = f"select quantile_disc(v, {percent / 100}) from (values {rows}) t(v)"
            found = duckdb.execute(query).fetchall()[0][0]
            assert percentile(values, percent) == found, (size, percent)


# Copies


def test_plain_copies_are_mg1() -> None:
    """Pollaczek and Khinchine: W = m + load E[S^2] / (2 m (1 - load)), here for 98% exp(1) and 2%
    five times as long: m = 1.08, E[S^2] = 2 (0.98 + 0.02 * 25)."""
    mean, second = 1.08, 2 * (0.98 + 0.02 * 25)
    expected = mean + 0.6 * second / (2 * mean * 0.4)
    found = []
    for seed in range(6):
        stays = Copies(load=0.6, pause=5, seed=seed).run(7000).stays
        found.append(statistics.fmean(stays))
    assert close(found, expected)


def test_tied_is_the_shorter_wait_of_two() -> None:
    """Taken back at once, the copy that begins is that on the server which is free first."""
    tied = Copies("tied", servers=5, load=0.8, seed=3, same=True).run(4000)
    chance, moments = Random("servers 3"), Random("moments 3")
    free, now, stays = [0.0] * 5, 0.0, []
    mean = 1 + 0.02 * 19
    for _request in range(4000):
        now += moments.expovariate(0.8 * 5 / mean)
        pair = chance.sample(range(5), 2)
        works = [(20.0 if chance.random() < 0.02 else 1.0) * chance.expovariate(1.0) for _ in "ab"]
        server = min(pair, key=lambda n: max(now, free[n]))
        free[server] = max(now, free[server]) + works[0]
        stays.append(free[server] - now)
    assert tied.stays == pytest.approx(stays[400:])
    assert tied.copies == 2.0


def test_hedged_without_load() -> None:
    """min(A, after + B): nobody waits, so a copy is sent for the share that takes longer."""
    done = Copies("hedged", load=0.001, after=2.0, slow=0, seed=1).run(6000)
    expected = math.exp(-2)
    assert done.copies - 1 == pytest.approx(expected, abs=0.02)
    late = sum(stay > 3 for stay in done.stays) / len(done.stays)
    assert late == pytest.approx(math.exp(-3) * math.exp(-1), abs=0.01)


def test_what_hedging_costs() -> None:
    """Work that nobody takes back is load, and load makes more copies: at 60% it collapses."""
    plain, kept = Copies(load=0.6, seed=1).run(5000), Copies("hedged", load=0.6, seed=1).run(5000)
    wasted = Copies("hedged", load=0.6, cancel=False, seed=1).run(5000)
    heavy = Copies("hedged", load=0.6, same=True, seed=1).run(5000)
    p99 = [percentile(each.stays, 99) for each in (plain, kept, wasted, heavy)]
    assert p99[1] < p99[0] / 5 and p99[2] > 1.5 * p99[0] and p99[3] > 3 * p99[1]
    assert kept.busy < plain.busy < wasted.busy and wasted.copies > 1.5 > kept.copies


@given(
    st.sampled_from(("plain", "hedged", "tied")),
    st.integers(2, 6),
    st.floats(0.05, 0.95),
    st.booleans(),
    st.integers(0, 5),
)
def test_every_request_is_answered(
    kind: str, servers: int, load: float, cancel: bool, seed: int
) -> None:
    copies = Copies(kind, servers=servers, load=load, after=1.0, cancel=cancel, seed=seed)
    done = copies.run(60)
    assert len(done.stays) == 54 and all(stay > 0 for stay in done.stays)
    assert 1 <= done.copies <= 2 and 0 <= done.busy <= 1
    assert all(desk is None for desk in copies._at_work) and not any(copies._queues)


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("balls", lambda: throw(0, 3)),
        ("bins", lambda: throw(3, 0)),
        ("choices", lambda: throw(3, 3, 0)),
        ("choices", lambda: known.mean_stay(0.5, 0)),
        ("bins", lambda: known.fullest(3, 2)),
        ("load", lambda: known.mean_stay(1.0, 2)),
        ("servers", lambda: simulate(AtRandom(), 0)),
        ("load", lambda: simulate(AtRandom(), load=1.0)),
        ("requests", lambda: simulate(AtRandom(), requests=0)),
        ("age", lambda: simulate(AtRandom(), age=-1)),
        ("slow", lambda: fanout.meets_slow(1.5, 3)),
        ("leaves", lambda: fanout.meets_slow(0.1, 0)),
        ("requests", lambda: fanout.gather(fanout.Leaf(), 3, 0)),
        ("values", lambda: percentile([], 50)),
        ("percent", lambda: percentile([1], 0)),
        ("kind", lambda: Copies("twice")),
        ("servers", lambda: Copies(servers=1)),
        ("load", lambda: Copies(load=0)),
        ("after", lambda: Copies(after=-1)),
        ("requests", lambda: Copies().run(0)),
    ],
)
def test_bad_input(argument: str, call: Callable[[], object]) -> None:
    with pytest.raises(BadInput) as caught:
        call()
    assert caught.value.argument == argument
