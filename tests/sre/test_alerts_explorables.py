"""The explorables of the chapter on burn rates and alerts: what they draw is what the rules do.

Figures: The Site Reliability Workbook, chapter 5.
"""

from __future__ import annotations

import pytest

from lab_kernel.explore.sre.alerts.mutants import CHOSEN, NOTHING, slug, table
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/alerts/"
    declared = ("burning", "factors", "judging", "mutants", "strategies")
    refused = (
        ("burning", "minutes", 0),
        ("burning", "errors", "3"),
        ("burning", "pair", "5"),
        ("factors", "days", 0),
        ("factors", "target", "100"),
        ("judging", "seed", 51),
        ("mutants", "mistake", "typo"),
        ("strategies", "minutes", 1441),
    )
    short = 2
    makes_room = ("burning",)

    # Here, not below, so that xdist runs them where their simulations have been run.

    @pytest.mark.parametrize("mistake", [slug(*each) for each in CHOSEN])
    def test_every_mistake_is_noticed(self, mistake: str) -> None:
        assert mistake in table()
        assert self.view("mutants", mistake=mistake).numbers["failing"] >= 1

    def test_without_a_mistake_all_pass(self) -> None:
        assert self.view("mutants", mistake=NOTHING).numbers["failing"] == 0

    def test_who_is_judged_worst(self) -> None:
        """Table 5-1: low precision."""
        numbers = self.view("judging").numbers
        assert max(numbers, key=lambda name: numbers[name]) == "1 alerts"


view = TestEveryOne.view


def test_detection_and_reset_of_a_page() -> None:
    """5% for half an hour: 1.44 / 5 x 60 = 17.3; 5 - 1.44 / 5 x 5 = 3.6; 60 - 17.3 = 42.7."""
    numbers = view("burning").numbers
    assert (numbers["detection"], numbers["reset"]) == (18, 4)
    assert numbers["spent"] == pytest.approx(30 * 50 / 43_200)
    assert view("burning", short="off").numbers["reset"] == 43


def test_what_does_not_fire_says_so() -> None:
    drawn = view("burning", errors="1", minutes=60)
    assert "does not fire" in drawn.says and "detection" not in drawn.numbers


@pytest.mark.parametrize(
    ("days", "target", "written"),
    [
        (30, "99.9", 4),
        (28, "99.9", 3),
        (7, "99.9", 2),
        (90, "99.9", 4),
        (90, "95", 3),
        (30, "90", 3),
    ],
)
def test_which_pairs_are_written(days: int, target: str, written: int) -> None:
    assert view("factors", days=days, target=target).numbers["written"] == written


def test_an_outage_and_the_six() -> None:
    """Twelve minutes: the third has not waited long enough."""
    numbers = view("strategies").numbers
    assert "3 page" not in numbers
    assert numbers["2 page off"] > 35 * 60 and 57 <= numbers["4 page off"] <= 60
    assert numbers["6 page off"] <= 30 and numbers["6 ticket off"] <= 6 * 60


def test_flapping_hides_from_the_third() -> None:
    assert "3 page" not in view("strategies", minutes=600, pattern="flapping").numbers
    assert "3 page" in view("strategies", minutes=600).numbers
