"""The explorables on portability and duties: what they draw is what the hosts do.

The recording beside the page: one program in several roots, on a real Linux.
"""

from __future__ import annotations

from lab_kernel.explore.containers.portability import matrix, proposal, stored
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "containers/portability/"
    declared = ("duties", "matrix", "proposal", "stored")
    refused = (
        ("matrix", "how", "by train"),
        ("matrix", "trouble", "rain"),
        ("stored", "before", 0),
        ("duties", "role", "manager"),
        ("proposal", "proposal", "holiday"),
    )


view = TestEveryOne.view


def test_the_matrix_is_the_chapters_claim() -> None:
    """Fact C03."""
    assert "prod: refused" in view("matrix").says
    assert view("matrix", how="image").says.count("13.37") == 3
    for trouble, stage in (
        ("arm64", "architecture"),
        ("kernel", "system call"),
        ("secret", "setting or secret"),
        ("service", "backing service"),
    ):
        says = view("matrix", how="image", trouble=trouble).says
        assert f"prod: refused at “{stage}”" in says and says.count("13.37") == 2
        static = view("matrix", how="static", trouble=trouble).says
        assert f"prod: refused at “{stage}”" in static
    assert set(matrix.TROUBLES) == {"none", "arm64", "kernel", "secret", "service"}


def test_only_the_service_s_data_came_along() -> None:
    for before in range(1, 6):
        assert [stored.numbers(store, before)[-1] for store in stored.STORE_NAMES] == [
            1,
            1,
            before + 1,
        ]


def test_the_proposals_end_as_the_contract_says() -> None:
    """Fact C04: own changes go ahead alone, unless they do not fit the build."""
    ends = {name: one.ruling().status for name, one in proposal.PROPOSALS.items()}
    assert ends == {
        "contents": "accepted",
        "listens": "together",
        "hungry": "together",
        "wants more": "refused",
        "replicas": "accepted",
        "node": "accepted",
        "limit": "accepted",
        "squeeze": "together",
        "probe": "together",
    }


def test_a_role_hides_what_it_need_not_touch() -> None:
    """Fact C05."""
    assert "8 of 12" in view("duties", role="dev").says
    assert "10 of 12" in view("duties", role="ops").says
