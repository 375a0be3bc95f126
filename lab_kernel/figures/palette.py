"""The colours of every picture, and the one stylesheet that carries them.

Each colour has a light and a dark value. A tone is a pair: a pale fill that ink is read on, and
a strong edge that stands out from the paper. The six hues follow Okabe and Ito's set ("Color
Universal Design", 2008), moved until ink and edges keep WCAG AA contrast in both schemes; a test
computes it. Colour never speaks alone: tones come with textures, dashes, shapes or words.
"""

from __future__ import annotations

from collections.abc import Mapping

TONES = 6  # blue, orange, green, magenta, grey, olive; tone 0 is plain paper

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1b2330",
    "muted": "#566072",
    "line": "#858f9f",
    "grid": "#e4e8ee",
    "f1": "#dcebf9",
    "s1": "#0a67ab",
    "f2": "#fde6cd",
    "s2": "#b45309",
    "f3": "#d3eee2",
    "s3": "#04775a",
    "f4": "#f7deee",
    "s4": "#a63a80",
    "f5": "#e8ebf0",
    "s5": "#586375",
    "f6": "#f3ecbf",
    "s6": "#776600",
}

DARK: Mapping[str, str] = {
    "paper": "#171c26",
    "ink": "#e8ecf2",
    "muted": "#a5afbe",
    "line": "#76818f",
    "grid": "#2b3340",
    "f1": "#1b3a58",
    "s1": "#6fb5f3",
    "f2": "#553612",
    "s2": "#f2a54f",
    "f3": "#14463a",
    "s3": "#4fcaa3",
    "f4": "#50294a",
    "s4": "#ea94cc",
    "f5": "#333c4a",
    "s5": "#aab4c3",
    "f6": "#474010",
    "s6": "#d8c850",
}

FONTS = (
    'system-ui,"Pretendard","Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR",'
    '"Noto Sans CJK KR",sans-serif'
)


def _variables(scheme: Mapping[str, str]) -> str:
    return ";".join(f"--lk-{name}:{value}" for name, value in scheme.items())


def _forced() -> str:
    """In a high-contrast mode the reader's own colours; words and textures do the rest."""
    own = {"paper": "Canvas", "grid": "GrayText"}
    colours = {name: "Canvas" if name[0] == "f" else "CanvasText" for name in LIGHT}
    return _variables(colours | own)


def _stylesheet() -> str:
    # The host page's scheme must win over the operating system's, and Material's over that of a
    # notebook embedded in it, so their selectors weigh more: 1 < 2 < 3 classes. Print and forced
    # colours come last with as many.
    light, dark = _variables(LIGHT), _variables(DARK)
    figure, jupyter, material = (
        ".lk-figure",
        '[data-jp-theme-light="{}"] .lk-figure',
        '[data-md-color-scheme="{}"] .lk-figure.lk-figure',
    )
    above_all = ".lk-figure.lk-figure.lk-figure"
    schemes = (
        f"{figure},{jupyter.format('true')},{material.format('default')}{{{light}}}"
        f"@media (prefers-color-scheme:dark){{{figure}{{{dark}}}}}"
        f"{jupyter.format('false')},{material.format('slate')}{{{dark}}}"
        f"@media print{{{above_all}{{{light}}}}}"
        f"@media (forced-colors:active){{{above_all}{{{_forced()}}}}}"
    )
    tones = "".join(
        f".lk-figure .lk-t{n}{{--lk-f:var(--lk-f{n});--lk-s:var(--lk-s{n})}}"
        for n in range(1, TONES + 1)
    )
    looks = {
        "": f"--lk-f:var(--lk-paper);--lk-s:var(--lk-line);font-family:{FONTS}",
        " text": "fill:var(--lk-ink);font-size:13px;font-variant-numeric:tabular-nums",
        " .lk-heading": "font-size:15px;font-weight:600",
        " .lk-bold": "font-weight:600",
        " .lk-muted": "fill:var(--lk-muted)",
        " .lk-toned": "fill:var(--lk-s)",
        # a halo in the fill's own colour keeps words clear of a texture below them
        " .lk-box text,.lk-figure .lk-halo": "stroke:var(--lk-f);stroke-width:4px;"
        "paint-order:stroke;stroke-linejoin:round",
        " .lk-paper": "fill:var(--lk-paper);stroke:var(--lk-grid)",
        " .lk-fill": "fill:var(--lk-f);stroke:var(--lk-s)",
        " .lk-thick": "fill:var(--lk-f);stroke:var(--lk-s);stroke-width:2.5",
        " .lk-solid": "fill:var(--lk-s);stroke:var(--lk-paper);stroke-width:1.5;paint-order:stroke",
        " .lk-line": "fill:none;stroke:var(--lk-s);stroke-width:2;stroke-linejoin:round",
        " .lk-hair": "fill:none;stroke:var(--lk-line)",
        " .lk-grid": "fill:none;stroke:var(--lk-grid)",
        " .lk-texture": "fill:none;stroke:var(--lk-s);stroke-opacity:.35",
    }
    return (
        schemes + tones + "".join(f".lk-figure{which}{{{look}}}" for which, look in looks.items())
    )


STYLESHEET = _stylesheet()


def without_stylesheet(html: str) -> str:
    """For a page that has the stylesheet once for all its pictures: the pictures alone."""
    return html.replace(f"<style>{STYLESHEET}</style>", "")
