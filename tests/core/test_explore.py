from __future__ import annotations

from html.parser import HTMLParser

import pytest

from lab_kernel import explore
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, Explorable, Toggle, View, Whole, Words
from lab_kernel.language import LANGUAGES, language


def numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise BadInput("numbers", "not numbers") from None


SAMPLE = Explorable(
    "tests/sample/sum",
    "Sum",
    "What is the sum?",
    (
        Choice(
            name="sign",
            label="Sign",
            options=(("plus", "Plus"), ("minus", "Minus")),
            default="plus",
        ),
        Whole(name="times", label="Times", low=1, high=9, default=2),
        Words(name="numbers", label="Numbers", parse=numbers, default="1,2"),
        Toggle(name="loud", label="Loud", default="off"),
    ),
    lambda sign, times, numbers, loud: View(
        (), f"{'-' if sign == 'minus' else ''}{times * sum(numbers)}{'!' if loud else ''}"
    ),
)


def test_values_are_read_from_words_as_well_as_from_python() -> None:
    assert SAMPLE.view().says == "6"
    assert SAMPLE.view(sign="minus", times="3", numbers="4,5", loud="on").says == "-27!"
    assert SAMPLE.view(times=3, numbers=[4, 5], loud=True).says == "27!"


def test_at_starts_from_other_values_and_the_command_repeats_them() -> None:
    shown = SAMPLE.at(numbers=[7, 8], loud=True)
    assert shown.view().says == "30!"
    assert "--numbers 7,8" in shown.command()
    assert "--loud on" in shown.command()
    assert shown.call().endswith(', times=2, numbers="7,8", loud=True)')


@pytest.mark.parametrize("name", explore.names())
def test_the_call_shows_the_same_state_in_a_notebook(name: str) -> None:
    shown = explore.load(name).at()
    imports, call = shown.call().split("\n\n")
    notebook: dict[str, object] = {}
    exec(imports, notebook)
    assert eval(call, notebook) == shown


def test_a_page_leads_to_the_lab_where_there_is_one() -> None:
    assert '<a href="../lab/#cell-x">' in SAMPLE.html("../lab/#cell-x", times=3)
    assert "<a " not in SAMPLE.html()


@pytest.mark.parametrize(
    ("given", "argument", "allowed"),
    [
        ({"sign": "times"}, "sign", "plus, minus"),
        ({"sign": []}, "sign", "plus, minus"),
        ({"sign": None}, "sign", "plus, minus"),
        ({"times": 10}, "times", "1"),
        ({"times": "two"}, "times", "9"),
        ({"numbers": "one"}, "numbers", ""),
        ({"loud": "perhaps"}, "loud", ""),
        ({"colour": "red"}, "colour", "times"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_input_names_the_control_and_what_is_allowed(
    given: dict[str, object], argument: str, allowed: str, lang: str
) -> None:
    with language(lang), pytest.raises(BadInput) as caught:
        SAMPLE.view(**given)
    assert caught.value.argument == argument
    assert allowed in caught.value.message
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", explore.names())
def test_every_explorable_shows_itself_in_both_languages(name: str, lang: str) -> None:
    with language(lang):
        found = explore.load(name)
        view = found.view()
        html = found.html()
        hangul = any("가" <= c <= "힣" for c in view.says)
    assert view.figures and all(f.title and f.description for f in view.figures)
    assert hangul == (lang == "ko"), view.says
    HTMLParser().feed(html)
    assert html.count("<svg") == len(view.figures)
    with language(lang):
        assert explore.load(name).html() == html, "the same every time"


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        explore.load("quite/another/xylophone")
    assert all(name in caught.value.message for name in explore.names())


@pytest.mark.parametrize(
    ("said", "meant"),
    [("kernel/memory", "kernel/memory/tlb"), ("memory", "kernel/memory/buddy")],
)
def test_a_topic_names_what_it_has_and_a_slip_what_was_meant(said: str, meant: str) -> None:
    with pytest.raises(BadInput) as caught:
        explore.load(said)
    assert meant in caught.value.message
    assert "kernel/drivers" not in caught.value.message
    with pytest.raises(BadInput, match=r"one of: kernel/memory/buddy$"):
        explore.load("kernel/memory/budy")


def test_a_notebook_cell_shows_controls_only_in_a_kernel() -> None:
    """Outside a kernel there is nobody to answer a slider, so there is none."""
    bundle = SAMPLE._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_the_widgets_redraw_and_say_what_is_wrong() -> None:
    import ipywidgets

    from lab_kernel.explore import widgets

    *inputs, problem, picture = widgets.build(SAMPLE, ipywidgets).children
    by_label = {widget.description: widget for widget in inputs}
    by_label["Times"].value = 5
    assert "15" in picture.value
    by_label["Numbers"].value = "one"
    assert "numbers" in problem.value and "15" in picture.value
    by_label["Numbers"].value = "3"
    assert problem.value == "" and "15" in picture.value
    by_label["Loud"].value = True
    assert "15!" in picture.value
