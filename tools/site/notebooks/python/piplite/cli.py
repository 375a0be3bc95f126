"""``%pip`` in a cell: says why it cannot, in both languages, since a cell does not tell its own."""

from __future__ import annotations

SAYS = (
    "이 실습 환경은 다른 서버에 아무것도 요청하지 않으므로 패키지를 더 설치할 수 없습니다."
    " 표준 라이브러리와 lab_kernel, ipywidgets를 쓸 수 있습니다.\n"
    "Nothing more can be installed here, since these labs ask no other server for anything."
    " The standard library, lab_kernel and ipywidgets are there."
)


async def get_transformed_code(arguments: list[str]) -> str:
    """The code that a line ``%pip ...`` becomes."""
    return f"print({SAYS!r})"
