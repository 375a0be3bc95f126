from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

import pytest

from lab_kernel.figures.palette import DARK, LIGHT, STYLESHEET, TONES

SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
Linear = tuple[float, float, float]

# Full dichromacy in linear RGB. Machado, Oliveira, Fernandes, "A Physiologically-based Model for
# Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), table for severity 1.0.
VISIONS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(colour: str) -> Linear:
    """The definition in WCAG 2.2, "relative luminance"."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def contrast(one: str, other: str) -> float:
    """The definition in WCAG 2.2, "contrast ratio"."""
    lights = sorted(
        0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@SCHEMES
def test_text_keeps_aa(scheme: Mapping[str, str]) -> None:
    fills = ["paper", *(f"f{n}" for n in range(1, TONES + 1))]
    pairs = [("ink", fill) for fill in fills] + [("muted", "paper")]
    pairs += [(f"s{n}", "paper") for n in range(1, TONES + 1)]  # names at the ends of lines
    poor = {pair: contrast(*(scheme[name] for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@SCHEMES
def test_edges_and_axes_keep_aa(scheme: Mapping[str, str]) -> None:
    pairs = [("line", "paper")] + [(f"s{n}", f"f{n}") for n in range(1, TONES + 1)]
    poor = {pair: contrast(*(scheme[name] for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 3} == {}


def lab(colour: Linear) -> Linear:
    """CIELAB under D65."""
    r, g, b = (min(1.0, max(0.0, c)) for c in colour)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@SCHEMES
@pytest.mark.parametrize("vision", VISIONS)
def test_the_first_four_tones_stay_apart_for_the_colour_blind(
    scheme: Mapping[str, str], vision: str
) -> None:
    seen = {}
    for n in range(1, 5):
        r, g, b = linear(scheme[f"s{n}"])
        seen[n] = lab(tuple(x * r + y * g + z * b for x, y, z in VISIONS[vision]))  # type: ignore[arg-type]
    near = {
        (a, b): round(sum((p - q) ** 2 for p, q in zip(seen[a], seen[b], strict=True)) ** 0.5, 1)
        for a, b in combinations(seen, 2)
    }
    assert {pair: distance for pair, distance in near.items() if distance < 12} == {}


def test_the_stylesheet_is_small_scoped_and_needs_no_escaping() -> None:
    assert len(STYLESHEET) < 4000
    assert not set("<&") & set(STYLESHEET)
    assert "http" not in STYLESHEET and "url(" not in STYLESHEET
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", STYLESHEET)
    assert len(selectors) > 15
    assert [s for s in selectors for part in s.split(",") if ".lk-figure" not in part] == []
