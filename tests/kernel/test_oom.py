"""Overcommit and the OOM killer against the kernel's own rules.

Sources: Linux 6.x mm/util.c (vm_commit_limit, __vm_enough_memory), mm/oom_kill.c (oom_badness,
oom_evaluate_task), fs/proc/base.c (proc_oom_score), Documentation/mm/overcommit-accounting.rst.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.oom import ALWAYS, HEURISTIC, NEVER, Commit, Task, badness, choose, oom_score


def test_commit_limit_of_a_real_machine() -> None:
    # Linux 6.18, no swap, vm.overcommit_ratio 50: MemTotal 24684092 kB, CommitLimit 12342044 kB.
    assert Commit(ram=24684092 // 4).limit * 4 == 12342044


def test_commit_limit_leaves_huge_pages_out_and_adds_swap_whole() -> None:
    assert Commit(ram=1000, swap=300, ratio=50).limit == 800
    assert Commit(ram=1000, swap=300, ratio=80, hugetlb=500).limit == 700
    assert Commit(ram=1000, swap=300, ratio=0).limit == 300
    assert Commit(ram=1001, ratio=50).limit == 500  # whole pages


def test_the_heuristic_looks_at_one_request_at_a_time() -> None:
    account = Commit(ram=100, swap=20, mode=HEURISTIC)
    assert not account.charge(121)
    assert account.committed == 0
    assert [account.charge(120) for _ in range(3)] == [True] * 3
    assert account.committed == 360 > account.limit


def test_always_grants_anything() -> None:
    account = Commit(ram=100, mode=ALWAYS)
    assert account.charge(10**9)


def test_never_adds_all_requests_up() -> None:
    account = Commit(ram=100, swap=20, mode=NEVER)  # limit 70
    assert account.charge(40)
    assert not account.charge(30)  # 70 is not below 70
    assert account.charge(29)
    assert not account.charge(1)
    account.release(29)
    assert account.charge(10)
    assert account.committed == 50


def test_the_admin_reserve_is_for_root() -> None:
    account = Commit(ram=100, mode=NEVER, admin_reserve=10)  # limit 50, 40 for others
    assert not account.charge(40)
    assert account.charge(40, admin=True)


@given(st.lists(st.integers(0, 60), max_size=20), st.integers(0, 200))
def test_never_stays_below_its_limit(requests: list[int], swap: int) -> None:
    account = Commit(ram=100, swap=swap, mode=NEVER)
    granted = sum(pages for pages in requests if account.charge(pages))
    assert account.committed == granted
    assert granted == 0 or granted < account.limit


def test_releasing_what_was_not_promised_is_an_error() -> None:
    with pytest.raises(ValueError, match="5 pages released"):
        Commit(ram=10).release(5)


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"mode": 3}, "mode"),
        ({"ram": -1}, "ram"),
        ({"swap": -1}, "swap"),
        ({"ratio": -1}, "ratio"),
        ({"hugetlb": 11}, "hugetlb"),
        ({"admin_reserve": -1}, "admin_reserve"),
    ],
)
def test_bad_accounts(changes: dict[str, int], argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        Commit(**{"ram": 10, **changes})
    assert caught.value.argument == argument


def test_badness_is_pages_plus_the_adjustment() -> None:
    assert badness(5000, 100, 50, 0, 100_000) == 5150
    assert badness(5000, 100, 50, 500, 100_000) == 55_150
    assert badness(5000, 100, 50, -999, 100_000) == 5150 - 99_900
    assert badness(5000, 100, 50, -1000, 100_000) is None


def test_the_kernel_divides_before_it_multiplies() -> None:
    assert badness(10, 0, 0, 1000, 1999) == 10 + 1000
    # Known and left so: linux-kernel list, "oom_score_adj" on under 1000 pages, July 2021.
    assert badness(10, 0, 0, 1000, 999) == 10


@pytest.mark.parametrize("adj", [-1001, 1001])
def test_an_adjustment_out_of_range(adj: int) -> None:
    with pytest.raises(BadInput) as caught:
        badness(1, oom_score_adj=adj)
    assert caught.value.argument == "oom_score_adj"


@pytest.mark.parametrize(("adj", "shown"), [(0, 686), (300, 886), (1000, 1352)])
def test_oom_score_as_proc_shows_it(adj: int, shown: int) -> None:
    # Read on Linux 6.18 from /proc/self/oom_score, VmRSS 729460 kB, VmPTE 1480 kB, no swap,
    # MemTotal 24684092 kB, after writing the adjustment to /proc/self/oom_score_adj.
    total = 24684092 // 4
    assert oom_score(badness(729460 // 4, 0, 1480 // 4, adj, total), total) == shown


def test_oom_score_of_the_idle_and_of_the_unkillable() -> None:
    assert oom_score(badness(900, 0, 10, 0, 6_171_023), 6_171_023) == 666
    assert oom_score(None, 6_171_023) == 0


def test_the_largest_goes_unless_the_adjustment_says_otherwise() -> None:
    database = Task("database", rss=60_000, page_tables=120)
    browser = Task("browser", rss=30_000, swap=25_000, page_tables=200)
    shell = Task("shell", rss=400)
    total = 100_000
    assert choose([database, browser, shell], total) is database
    guarded = Task("database", rss=60_000, page_tables=120, oom_score_adj=-500)
    assert choose([guarded, browser, shell], total) is browser
    volunteer = Task("shell", rss=400, oom_score_adj=1000)
    assert choose([database, browser, volunteer], total) is volunteer


def test_unkillable_tasks_are_never_chosen_and_equals_go_youngest_first() -> None:
    immune = Task("init", rss=90_000, oom_score_adj=-1000)
    low = Task("low", rss=1, oom_score_adj=-999)
    assert choose([immune, low], 100_000) is low
    assert choose([immune], 100_000) is None
    assert choose([], 100_000) is None
    first, second = Task("first", rss=5), Task("second", rss=5)
    assert choose([first, second], 100_000) is second
