from __future__ import annotations

import pytest

from lab_kernel.errors import BadInput
from lab_kernel.exercises import answers


@pytest.mark.parametrize("between", ["\n", "\r\n", "\x1b", "\x85", "\u2028", "\t"])
def test_bad_input_is_one_line_whoever_shows_it(between: str) -> None:
    error = BadInput(f"a{between}b", f"one{between}two")
    for text in (str(error), f"{error.argument}: {error.message}", *error._render_traceback_()):
        assert between not in text and text.isprintable()
        assert text.startswith("a") and text.endswith("two")
    with pytest.raises(BadInput) as caught:
        answers.whole(f"1{between}x")
    assert caught.value.message.isprintable()
