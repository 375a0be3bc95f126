"""Draws assets/social.{ko,en}.png, what a shared link shows, with Chromium.

    python -m tools.site.social

Run by hand when the words or the drawing change; the pictures are committed.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "docs" / "ko" / "assets"
_SIZE = (1200, 630)
_WORDS = {
    "ko": ("커널 실험실", "소프트웨어는 어떻게 실행되는가", "페이지 폴트에서 오류 예산까지"),
    "en": ("Kernel Lab", "How software runs", "From page fault to error budget"),
}
_FONT = "'Noto Sans CJK KR', 'Noto Sans KR', 'Apple SD Gothic Neo', system-ui, sans-serif"


def card(language: str) -> str:
    """The picture as SVG: a page table's frames, one in use, one faulting."""
    name, line, reach = _WORDS[language]
    frames = []
    for row in range(6):
        for column in range(5):
            fill, strength = "#6ccabf", 0.16 + 0.08 * ((row * 2 + column * 3) % 5)
            if (row, column) == (3, 2):
                fill, strength = "#f29b6c", 1.0
            x, y = 770 + column * 72, 96 + row * 74
            frames.append(
                f'<rect x="{x}" y="{y}" width="58" height="60" rx="5" fill="{fill}"'
                f' fill-opacity="{strength:.2f}"/>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE[0]}" height="{_SIZE[1]}">'
        f'<rect width="100%" height="100%" fill="#14191e"/>{"".join(frames)}'
        f'<g font-family="{_FONT}" fill="#e7ecf0">'
        f'<text x="84" y="270" font-size="84" font-weight="700">{name}</text>'
        f'<text x="86" y="350" font-size="36">{line}</text>'
        f'<text x="86" y="404" font-size="36" fill="#6ccabf">{reach}</text></g></svg>'
    )


def main() -> int:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": _SIZE[0], "height": _SIZE[1]})
        for language in _WORDS:
            page.set_content(f"<style>body{{margin:0}}</style>{card(language)}")
            page.screenshot(path=str(ASSETS / f"social.{language}.png"))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
