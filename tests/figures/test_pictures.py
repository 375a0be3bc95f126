"""What each picture shows, read back from its elements."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.figures import Figure
from lab_kernel.figures.looks import looks
from lab_kernel.figures.memory_map import bytes_said
from lab_kernel.trace import Trace

SVG = "{http://www.w3.org/2000/svg}"
ABOUT = {"title": "t", "description": "d"}
AXES = {"x_label": "x", "y_label": "y"}


def texts(picture: Figure) -> list[str]:
    """All lines of text, from top to bottom, then from left to right."""
    found = []
    for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text"):
        for line in list(text) or [text]:
            found.append((float(line.get("y", 0)), float(line.get("x", 0)), line.text or ""))
    return [text for _, _, text in sorted(found)]


def boxes(picture: Figure, look: str = "") -> list[tuple[str, float, float, float, float]]:
    """(words, x, y, width, height) of each box whose class or frame's class is ``look``."""
    found = []
    for group in ElementTree.fromstring(picture.svg).iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        assert frame is not None
        if look and look not in (group.get("class", "") + " " + frame.get("class", "")).split():
            continue
        text = group.find(f"{SVG}text")
        words = "" if text is None else " ".join(text.itertext())
        x, y, w, h = (float(frame.get(name, 0)) for name in ("x", "y", "width", "height"))
        found.append((words, x, y, w, h))
    return found


def test_a_grid_has_a_cross_per_fault_and_a_heavy_cell_per_load() -> None:
    columns = [
        fig.Column("7", ("7", None), False, 0),
        fig.Column("8", ("7", "8"), False, 1),
        fig.Column("7", ("7", "8"), True, 0),
        fig.Column("9", ("9", "8"), False, 0, "7"),
    ]
    picture = fig.frame_grid(columns, **ABOUT)
    loads = [words for words, *_ in boxes(picture, "lk-thick")]
    hits = [words for words, *_ in boxes(picture, "lk-t1")]
    gone = [words for words, *_ in boxes(picture, "lk-t5")]
    assert loads == ["", "7", "8", "9"]  # the first of each is the legend's
    assert hits == ["", "7"]
    assert gone == ["", "7"]
    assert picture.svg.count("<polygon") == 1 + 3  # crosses


def test_a_chart_places_its_points_on_its_axes() -> None:
    series = [fig.Series("a", [(0, 0), (5, 10), (10, 20)])]
    root = ElementTree.fromstring(fig.line_chart(series, **AXES, **ABOUT).svg)
    dots = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in root.iter(f"{SVG}circle")]
    (x0, y0), (x1, y1), (x2, y2) = dots[:3]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.02) and x1 > x0
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.02) and y0 > y1
    assert {"0", "5", "10", "15", "20", "a", "x", "y"} <= set(
        texts(fig.line_chart(series, **AXES, **ABOUT))
    )


def test_stairs_hold_a_value_until_the_next() -> None:
    series = [fig.Series("a", [(0, 1), (4, 3)])]
    step = fig.step_chart(series, **AXES, **ABOUT).svg
    line = fig.line_chart(series, **AXES, **ABOUT).svg
    paths = [
        next(
            p for p in ElementTree.fromstring(s).iter(f"{SVG}path") if "lk-t1" in p.get("class", "")
        )
        for s in (step, line)
    ]
    assert [(p.get("d") or "").count("L") for p in paths] == [2, 1]


def test_series_differ_by_dash_and_shape_as_well_as_tone() -> None:
    series = [fig.Series(name, [(0, n), (9, n)]) for n, name in enumerate("abcdef")]
    root = ElementTree.fromstring(fig.line_chart(series, **AXES, **ABOUT).svg)
    lines = [p for p in root.iter(f"{SVG}path") if "lk-line" in p.get("class", "")]
    assert len({p.get("stroke-dasharray") for p in lines}) == 6
    assert len({p.get("class") for p in lines}) == 6


def test_long_names_move_from_the_line_ends_to_a_legend() -> None:
    name = "a name that is far too long to stand at the end of its line"
    picture = fig.line_chart([fig.Series(name, [(0, 1), (1, 2)])], **AXES, **ABOUT)
    shown = texts(picture)
    assert shown.index("y") > 1  # the legend stands above the axis
    assert " ".join(shown[1 : shown.index("y")]) == name


def test_bars_share_a_scale_and_say_their_totals() -> None:
    rows = [fig.Bar("a", [("p", 30), ("q", 10)]), fig.Bar("b", [("p", 0), ("q", 20)])]
    picture = fig.bars(rows, **ABOUT)
    drawn = [(w, x, width) for w, x, y, width, h in boxes(picture)][2:]  # after the legend
    assert [words for words, *_ in drawn] == ["30", "10", "20"]
    assert drawn[0][2] == pytest.approx(3 * drawn[1][2], abs=0.1)
    assert drawn[2][1] == drawn[0][1]
    assert {"40", "20"} <= set(texts(picture))


def test_a_map_puts_high_addresses_on_top_and_names_the_gap() -> None:
    regions = [fig.Region(0, 0x1000, "low", "r"), fig.Region(0x3000, 0x4000, "high", "r", "me")]
    shown = texts(fig.memory_map(regions, **ABOUT))
    order = [
        "0x4000",
        "high",
        "r · me · 4 KiB",
        "0x3000",
        "not drawn: 8 KiB",
        "0x1000",
        "low",
        "0x0",
    ]
    assert [text for text in shown if text in order] == order
    turned = texts(fig.memory_map(regions, high_on_top=False, **ABOUT))
    assert turned.index("low") < turned.index("high")


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (4096, "4 KiB"), (1536 * 1024, "1.5 MiB"), (2**64, "16 EiB")]
)
def test_sizes_in_binary_units(size: int, text: str) -> None:
    assert bytes_said(size) == text


def test_a_walk_numbers_fields_and_tables_alike() -> None:
    fields = [fig.Field("index", "15–12", "0x1"), fig.Field("offset", "11–0", "0xd1c")]
    table = fig.Table("table", [("0x0", "absent"), ("0x1", "→ 3")], 1)
    picture = fig.table_walk("0x1d1c", fields, [table], "physical 0x3d1c", **ABOUT)
    shown = texts(picture)
    assert shown.count("1") == shown.count("2") == 2  # at the field and where it is used
    assert {"0x1d1c", "0xd1c", "table", "absent", "→ 3", "physical 0x3d1c"} <= set(shown)
    early = fig.table_walk("0x1d1c", fields, [table], "page fault", fault=True, **ABOUT)
    assert texts(early).count("2") == 1  # no offset is added to a fault
    assert "stroke-dasharray" in early.svg.partition("page fault")[0].rpartition("<rect")[2]


def test_blocks_are_to_scale_and_stand_still_from_step_to_step() -> None:
    before = fig.Strip("before", [fig.Block(0, 25, "used", "A"), fig.Block(25, 75, "free")])
    after = fig.Strip("after", [fig.Block(0, 25, "free"), fig.Block(25, 75, "free")])
    a, rest, hole, same = boxes(fig.blocks([before, after], **ABOUT))[2:]
    assert (a[0], rest[0], hole[0]) == ("A", "75", "25")
    assert rest[3] == pytest.approx(3 * a[3], abs=0.05)
    assert rest[1] == same[1] == pytest.approx(a[1] + a[3], abs=0.02)
    assert hole[2] > a[2]


def test_a_label_that_does_not_fit_stands_below_its_block() -> None:
    tiny = [fig.Block(0, 1, "used", "tiny"), fig.Block(1, 999, "free")]
    picture = fig.blocks([fig.Strip("", tiny)], **ABOUT)
    assert "tiny" not in [words for words, *_ in boxes(picture)]
    assert "tiny" in texts(picture)


def test_a_split_buddy_leads_to_its_two_halves() -> None:
    orders = [
        fig.Strip("order 1", [fig.Block(0, 2, "split"), fig.Block(2, 2, "free")]),
        fig.Strip("order 0", [fig.Block(0, 1, "free"), fig.Block(1, 1, "used")]),
    ]
    root = ElementTree.fromstring(fig.buddy_tree(orders, **ABOUT).svg)
    lines = [p.get("d", "").split() for p in root.iter(f"{SVG}path") if p.get("class") == "lk-hair"]
    slanted = [d for d in lines if len(d) == 6 and d[1] != d[4] and d[2] != d[5]]
    assert len(slanted) == 2
    assert slanted[0][1] == slanted[1][1]


def test_bars_of_one_track_that_overlap_share_its_row_in_lanes() -> None:
    trace = Trace()
    trace.add(0, "cpu", "run", "a", 10)
    trace.add(5, "cpu", "run", "b", 10)
    trace.add(10, "cpu", "run", "c", 5)
    trace.add(3, "cpu", "fault", "f")
    picture = fig.timeline(trace, x_label="ticks", **ABOUT)
    a, b, c = boxes(picture)[1:]
    assert [words for words, *_ in (a, b, c)] == ["a", "c", "b"]  # lane by lane
    assert a[2] == b[2] < c[2]
    assert a[3] == pytest.approx(2 * b[3], abs=0.02)
    assert "f (fault), 3" in picture.svg and "a (run), 0–10" in picture.svg


def test_kinds_look_the_same_in_two_pictures_when_told_to() -> None:
    def block(state: str) -> Figure:
        strips = [fig.Strip("", [fig.Block(0, 9, state)])]
        return fig.blocks(strips, states=("free", "used"), **ABOUT)

    assert 'class="lk-box lk-t1"' in block("free").svg
    assert 'class="lk-box lk-t2"' in block("used").svg
    assert 'class="lk-texture"' in block("used").svg


def test_thirty_six_kinds_all_look_different() -> None:
    kinds = [f"kind {n}" for n in range(36)]
    found = looks([*kinds, *kinds])
    assert list(found) == kinds
    assert len({(look.tone, look.texture) for look in found.values()}) == 36
    assert len({(look.tone, look.shape) for look in found.values()}) == 36


def test_lanes_go_round_what_did_not_happen() -> None:
    steps = [
        fig.Step(0, "call", "done"),
        fig.Step(1, "check", "refused"),
        fig.Step(1, "work", "skipped"),
        fig.Step(1, "answer", "done"),
    ]
    picture = fig.lanes(["user", "kernel"], steps, quiet="skipped", **ABOUT)
    placed = {words: (x, y) for words, x, y, *_ in boxes(picture) if words}
    assert placed["call"][0] < placed["check"][0] == placed["answer"][0]
    assert placed["check"][1] < placed["work"][1] < placed["answer"][1]
    assert picture.svg.count("<polygon") == 2  # arrows: to the check, and round to the answer
    assert "Nothing has happened" in fig.lanes(["user"], [], **ABOUT).svg
    with pytest.raises(BadInput):
        fig.lanes(["user"], steps, **ABOUT)


def test_a_table_has_a_cell_for_each_head() -> None:
    rows = [
        fig.Row("one", [fig.Cell("a", "yes"), fig.Cell("b", "no", heavy=True)]),
        fig.Row("two", [fig.Cell(""), fig.Cell("c", "idle")]),
    ]
    picture = fig.table(["x", "y"], rows, quiet="idle", **ABOUT)
    placed = {words: (x, y) for words, x, y, *_ in boxes(picture) if words}
    assert placed["a"][1] == placed["b"][1] < placed["c"][1]
    assert placed["b"][0] == placed["c"][0] > placed["a"][0]
    assert [words for words, *_ in boxes(picture, "lk-thick")] == ["b"]
    assert {"one", "two", "x", "y", "yes", "no", "idle"} <= set(texts(picture))
    with pytest.raises(BadInput):
        fig.table(["x"], rows, **ABOUT)
    assert "nothing to draw" in fig.table(["x"], [], **ABOUT).svg


def test_columns_of_a_table_follow_their_words() -> None:
    """Equal where that is enough; else no word is broken while another column has room."""

    def columns(*words: str) -> list[tuple[str, float, float]]:
        cells = [fig.Cell(word) for word in words]
        drawn = boxes(fig.table([""] * len(words), [fig.Row("row", cells)], **ABOUT))
        return [(said, x, width) for said, x, _y, width, _height in drawn]

    assert len({width for _words, _x, width in columns("a", "b", "c")}) == 1
    long = "resources_requests_memory"
    found = columns("a", long, "b", "c", "d")
    assert [words for words, *_rest in found] == ["a", long, "b", "c", "d"]
    assert found[1][2] > 3 * found[0][2]
    for (_words, x, width), (_next, beyond, _width) in pairwise(found):
        assert x + width == pytest.approx(beyond, abs=0.02)
    assert found[-1][1] + found[-1][2] == pytest.approx(404.5, abs=0.02)
    both = columns(long, long, "a b")
    assert both[0][0] == "resources_requests_ memory"
    assert all(width > 0 for _words, _x, width in columns(*["anything" * 9] * 9))


def test_a_waterfall_is_to_scale_and_marks_the_critical_path_below_its_bars() -> None:
    spans = [
        fig.Span("a", 0, [fig.Part(0, 10, "own"), fig.Part(10, 40, "asks")], [(0, 10)]),
        fig.Span("b", 1, [fig.Part(10, 40, "own")], [(10, 40)], failed=40),
    ]
    picture = fig.waterfall(spans, x_label="ms", **ABOUT)
    own, asks, below = list(boxes(picture, "lk-fill"))[-3:]
    assert own[3] * 3 == pytest.approx(asks[3], abs=0.05) == pytest.approx(below[3], abs=0.05)
    assert (asks[1], asks[3]) == (below[1], below[3]) and below[2] > asks[2]
    path = boxes(picture, "lk-solid")[1:]  # the first is the legend's
    assert [(x, w) for _words, x, _y, w, _h in path] == [(own[1], own[3]), (asks[1], asks[3])]
    assert path[0][2] > own[2] + own[4] and picture.svg.count("<polygon") == 2
    assert {"a", "b", "critical path", "fails", "ms"} <= set(texts(picture))
    quiet = fig.waterfall([fig.Span("a", 0, [fig.Part(0, 1, "own")])], x_label="ms", **ABOUT)
    assert not {"critical path", "fails"} & set(texts(quiet))
    assert "Nothing" in fig.waterfall([], x_label="ms", **ABOUT).svg
    with pytest.raises(BadInput):
        fig.waterfall([fig.Span("a", 0, [fig.Part(2, 1, "own")])], x_label="ms", **ABOUT)


def test_a_call_graph_has_whoever_is_called_below_all_who_call() -> None:
    vertices = [
        fig.Vertex("a", ["b", "c", "d"], ["d"]),
        fig.Vertex("b", ["d"]),
        fig.Vertex("c", ["b"], state="slow"),
        fig.Vertex("d", lines=["99%"]),
    ]
    picture = fig.call_graph(vertices, **ABOUT)
    y = {words.split()[0]: top for words, _x, top, _w, _h in boxes(picture) if words}
    assert y["a"] < y["c"] < y["b"] < y["d"]
    assert picture.svg.count("<polygon") == 5  # a head for each call
    dashed = picture.svg.count("stroke-dasharray")
    assert dashed == 3  # a to d passes two levels
    assert "slow" in texts(picture) and "99%" in texts(picture)
    for broken in (
        [fig.Vertex("a", ["b"])],
        [fig.Vertex("a", ["b"]), fig.Vertex("b", ["a"])],
    ):
        with pytest.raises(BadInput):
            fig.call_graph(broken, **ABOUT)
    assert "Nothing" in fig.call_graph([], **ABOUT).svg


def test_boxes_of_one_level_do_not_overlap() -> None:
    called = [f"service number {n}" for n in range(6)]
    picture = fig.call_graph(
        [fig.Vertex("a", called), *(fig.Vertex(name) for name in called)], **ABOUT
    )
    placed = sorted((x, w) for words, x, _y, w, _h in boxes(picture) if words != "a")
    assert len(placed) == 6 and placed[0][0] >= 16
    assert all(one + wide < other for (one, wide), (other, _w) in pairwise(placed))
    assert placed[-1][0] + placed[-1][1] <= picture.width - 16


def test_a_heatmap_has_a_rectangle_for_each_cell_that_is_not_empty() -> None:
    cells = [[0, 1, 4], [70, 0, 1]]
    about = {"y_ticks": [(0, "low"), (1, "high")], **AXES, **ABOUT}
    picture = fig.heatmap(
        cells, across=(0, 3), spans=[fig.Stretch("one", 0, 1)], rule=(1, "here"), **about
    )
    root = ElementTree.fromstring(picture.svg)
    shades = [p for p in root.iter(f"{SVG}path") if p.get("fill-opacity")]
    legend = [p for p in shades if (p.get("d") or "").count("M") == 1][:4]
    drawn = [p for p in shades if p not in legend]
    assert sum((p.get("d") or "").count("M") for p in drawn) == 4
    strongest = max(drawn, key=lambda p: float(p.get("fill-opacity", 0)))
    assert (strongest.get("d") or "").count("M") == 1
    assert {"1", "one", "here", "low", "high", "0", "3"} <= set(texts(picture))


@pytest.mark.parametrize("cells", [[[1, 2], [3]], [[-1]]])
def test_a_heatmap_needs_counts_in_even_rows(cells: list[list[int]]) -> None:
    with pytest.raises(BadInput, match="cells"):
        fig.heatmap(cells, across=(0, 1), y_ticks=[], **AXES, **ABOUT)
