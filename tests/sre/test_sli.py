"""Events, conditions, windows, histograms and indicators: properties, and what is refused."""

from __future__ import annotations

import contextlib
import math
import random
import re
import shutil
import subprocess
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.language import LANGUAGES, language
from lab_kernel.sre.sli.access_log import KEPT, AccessLog, parse
from lab_kernel.sre.sli.condition import condition
from lab_kernel.sre.sli.event import Event
from lab_kernel.sre.sli.histogram import Buckets, LogHistogram, quantile
from lab_kernel.sre.sli.indicator import Tally, freshness, good_windows, measure
from lab_kernel.sre.sli.windows import Window, duration, windows

# The examples of the two manuals, with a request time behind them. nginx's: the form of
# ngx_http_log_module's "combined"; Apache's: mod_log_config, "Combined Log Format".
NGINX = (
    '192.0.2.7 - - [29/Nov/2026:00:01:30 +0000] "GET /search?q=tea HTTP/1.1" 200 2048 "-"'
    ' "Mozilla/5.0 (X11)" 0.133'
)
APACHE = (
    '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
    ' "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)" 0.5'
)
EXAMPLE = Event(1000, 0.25, 200, 512, "GET", "/products/7", "curl/8", "192.0.2.7")

moments = st.integers(0, 5000)
events = st.builds(
    Event,
    time=moments,
    seconds=st.sampled_from([0.0, 0.001, 0.02, 0.3, 0.301, 1.5, 60.0]),
    status=st.sampled_from([200, 303, 404, 499, 500, 502]),
)


class TestAccessLog:
    def test_the_manuals_examples(self) -> None:
        assert parse(NGINX) == Event(
            1795910490, 0.133, 200, 2048, "GET", "/search", "Mozilla/5.0 (X11)", "192.0.2.7"
        )
        # date -u -d '10 Oct 2000 13:55:36 -0700' +%s
        found = parse(APACHE)
        assert found is not None and found.time == 971211336
        assert found.begin == 971211335.5

    @pytest.mark.parametrize(
        ("asked", "method", "path"),
        [
            ("POST /cart HTTP/2.0", "POST", "/cart"),
            (r"\x16\x03\x01\x00\xEE", "", r"\x16\x03\x01\x00\xEE"),
            ("", "", ""),
            (r"GET /\"quoted\" HTTP/1.1", "GET", r"/\"quoted\""),
            ("GET / nonsense", "", "GET / nonsense"),
        ],
    )
    def test_requests(self, asked: str, method: str, path: str) -> None:
        found = parse(NGINX.replace("GET /search?q=tea HTTP/1.1", asked))
        assert found is not None and (found.method, found.path) == (method, path)

    @pytest.mark.parametrize(
        ("change", "column", "expected"),
        [
            (("192.0.2.7 ", ""), 3, "two names"),
            (("Nov", "Nob"), 15, "a time in brackets"),
            (("29/Nov", "31/Nov"), 15, "a time in brackets"),
            (("200", "2OO"), 73, "a status of three digits"),
            (("2048", "many"), 77, "a number of bytes"),
            ((' "-"', ""), 102, "the agent in quotation marks"),
            ((" 0.133", ""), 105, "the request time"),
            (("0.133", "0.133192.0.2.7"), 106, "the request time"),
            (("0.133", "-"), 106, "the request time"),
            ((' +0000] "', " +0000] "), 44, "the request in quotation marks"),
        ],
    )
    def test_where_a_line_differs(
        self, change: tuple[str, str], column: int, expected: str
    ) -> None:
        log = AccessLog([NGINX + "\n", NGINX.replace(*change, 1) + "\n"])
        assert len(list(log)) == 1
        (found,) = log.examples
        assert found.number == 2 and found.expected.startswith(expected), found
        assert found.column == column

    def test_more_fields_may_follow(self) -> None:
        assert parse(NGINX + ' 0.130 "-"\n') == parse(NGINX)

    @settings(max_examples=50)
    @given(st.lists(st.one_of(st.text(), st.just(NGINX + "\n"), st.just("\n")), max_size=20))
    def test_every_line_is_counted(self, lines: list[str]) -> None:
        log = AccessLog(lines)
        good = len(list(log))
        assert good + log.malformed + log.empty == log.lines == len(lines)
        assert len(log.examples) == min(log.malformed, KEPT)
        for lang in LANGUAGES:
            with language(lang):
                assert all(str(example) for example in log.examples)

    @given(st.integers(0, len(NGINX) - 1), st.characters())
    def test_one_wrong_letter(self, place: int, letter: str) -> None:
        """It is read or it is counted; what is read has the types that it promises."""
        line = NGINX[:place] + letter + NGINX[place + 1 :]
        log = AccessLog([line])
        for event in log:
            assert isinstance(event.status, int) and math.isfinite(event.seconds)
        assert log.lines == 1


class TestCondition:
    @pytest.mark.parametrize(
        ("text", "holds"),
        [
            ("status<500 and seconds<0.3", True),
            ("seconds < 250ms", False),
            ("seconds<=250ms", True),
            ("0.2 < seconds < 0.3s", True),
            ("0.1 < seconds < 0.2", False),
            ("0.3 < seconds < 0.4", False),
            ("not status==200 or bytes>=512", True),
            ("not (status==200 or bytes>=512)", False),
            ("status==404 or status==200 and seconds>1", False),
            ("path=='/products/*'", True),
            ('"/products/7" == path', True),
            ('path!="/products/*"', False),
            ('method=="GET" and agent!="kube-probe/*" and address=="192.0.2.*"', True),
            ("'*'==path", True),
        ],
    )
    def test_what_it_means(self, text: str, holds: bool) -> None:
        assert condition(text)(EXAMPLE) is holds

    @pytest.mark.parametrize(
        ("text", "column"),
        [
            ("", 1),
            ("status", 7),
            ("status<", 8),
            ("status<500 seconds<1", 12),
            ("(status<500", 12),
            ("status<500)", 11),
            ("statsu<500", 1),
            ("status<500 and import", 16),
            ("path<3", 5),
            ("path>'a'", 5),
            ("status<500 && seconds<1", 12),
            ("status<5e2", 8),
            ("__class__==1", 1),
            ("path=='a", 7),
            ("1", 2),
            ("(" * 60 + "status<1" + ")" * 60, 51),
        ],
    )
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_what_is_refused(self, text: str, column: int, lang: str) -> None:
        with language(lang), pytest.raises(BadInput) as caught:
            condition(text, "good")
        assert caught.value.argument == "good" and str(column) in caught.value.message
        assert "\n" not in caught.value.message
        assert bool(re.search("[가-힣]", caught.value.message)) == (lang == "ko")

    def test_too_long(self) -> None:
        with pytest.raises(BadInput, match="longer than 1000"):
            condition("status<500 and " * 100)

    @given(st.text(alphabet="statusecond<>=!.()andornot '\"0123456789*", max_size=30))
    def test_nothing_else_ever_happens(self, text: str) -> None:
        with contextlib.suppress(BadInput):
            assert condition(text)(EXAMPLE) in (True, False)

    @given(events, st.integers(0, 600), st.integers(0, 600))
    def test_as_python_has_it(self, event: Event, a: int, b: int) -> None:
        text = f"status<{a} or not (status>={b} and seconds<=0.3)"
        assert condition(text)(event) == (
            event.status < a or not (event.status >= b and event.seconds <= 0.3)
        )


GOOD = condition("status<500 and seconds<=0.3")


def shape(given: list[Window[Tally]]) -> list[tuple[int, int, object]]:
    return [
        (w.start, w.end, w.tally and (w.tally.valid, w.tally.good, w.tally.latency.buckets))
        for w in given
    ]


class TestWindows:
    @settings(max_examples=50)
    @given(st.lists(events, max_size=60), st.sampled_from([1, 7, 60, 300]))
    def test_they_add_up_to_the_whole(self, given_events: list[Event], seconds: int) -> None:
        """Whatever the order: valid, good, bad, the histogram; late ones are in the whole."""
        done = measure(given_events, seconds, good=GOOD, tolerance=30)
        tallies = [w.tally for w in done.windows if w.tally]
        assert sum(t.valid for t in tallies) + done.late == done.whole.valid == len(given_events)
        assert done.whole.good == sum(map(GOOD, given_events))
        assert done.whole.good + done.whole.bad == done.whole.valid
        whole = LogHistogram(e.seconds for e in given_events)
        assert done.whole.latency.buckets == whole.buckets
        assert done.whole.latency.total == pytest.approx(whole.total)

    @settings(max_examples=50)
    @given(st.lists(events, max_size=60), st.sampled_from([1, 7, 60, 300]))
    def test_they_are_aligned_and_without_holes(
        self, given_events: list[Event], seconds: int
    ) -> None:
        made = list(measure(given_events, seconds, good=GOOD, tolerance=0).windows)
        assert all(w.start % seconds == 0 and (w.end - w.start) % seconds == 0 for w in made)
        assert all(a.end == b.start for a, b in pairwise(made))
        assert all(w.tally is None or w.tally.valid for w in made)
        assert all(w.tally is None or w.end - w.start == seconds for w in made)

    @settings(max_examples=50)
    @given(st.lists(events, max_size=60), st.integers(0, 20), st.randoms(use_true_random=False))
    def test_order_within_the_tolerance_changes_nothing(
        self, given_events: list[Event], tolerance: int, rng: random.Random
    ) -> None:
        ordered = sorted(given_events, key=lambda e: e.time)
        jittered = sorted(ordered, key=lambda e: e.time + rng.uniform(0, tolerance))
        made = [
            shape(list(measure(each, 60, good=GOOD, tolerance=tolerance).windows))
            for each in (ordered, jittered)
        ]
        assert made[0] == made[1]

    def test_what_is_late_is_handed_back(self) -> None:
        given_events = [Event(t) for t in (0, 59, 60, 119, 120, 59, 130, 59, 60)]
        late: list[Event] = []
        made = list(windows(given_events, 60, partial(Tally, GOOD), tolerance=70, late=late.append))
        assert [w.tally and w.tally.valid for w in made] == [3, 3, 2]
        assert [e.time for e in late] == [59]
        with pytest.raises(BadInput, match="too late"):
            list(windows(given_events, 60, partial(Tally, GOOD), tolerance=0))

    def test_a_gap_is_no_figure(self) -> None:
        made = list(measure([Event(10), Event(400)], 60, good=GOOD).windows)
        assert [(w.start, w.end, w.tally is None) for w in made] == [
            (0, 60, False), (60, 360, True), (360, 420, False),
        ]  # fmt: skip
        assert good_windows(made, 0.99) == (2, 2)
        assert Tally(GOOD).ratio is None and Tally(GOOD).error_rate is None

    def test_good_windows_weigh_the_same(self) -> None:
        """A minute with one bad request of two, and one with 1 of 100: 1 of 2 minutes is good."""
        few = [Event(0, status=200), Event(1, status=500)]
        many = [Event(60, status=500 if n == 0 else 200) for n in range(100)]
        done = measure([*few, *many], 60, good=GOOD)
        made = list(done.windows)
        assert good_windows(made, 0.99) == (1, 2)
        assert done.whole.ratio == 100 / 102

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [("30s", 30), ("5m", 300), ("1h", 3600), ("30d", 2_592_000), ("4w", 2_419_200), ("90", 90)],
    )
    def test_durations(self, text: str, seconds: int) -> None:
        assert duration(text) == seconds

    @pytest.mark.parametrize("text", ["", "0s", "5 minutes", "-1m", "1y", "1.5h", "9999d", "m"])
    def test_no_durations(self, text: str) -> None:
        with pytest.raises(BadInput, match="window"):
            duration(text)

    @pytest.mark.parametrize("text", ["9999d", "100000d", "99999999999s"])
    def test_a_limit_is_named(self, text: str) -> None:
        with pytest.raises(BadInput, match="too long: 400 days at most"), language("en"):
            duration(text)


values = st.lists(st.integers(0, 100_000).map(lambda n: n / 1000), min_size=1, max_size=200)
quantiles = st.sampled_from([0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1.0])


class TestHistograms:
    @given(values, quantiles)
    def test_the_relative_error(self, given_values: list[float], q: float) -> None:
        exact = quantile(sorted(given_values), q)
        assert LogHistogram(given_values).quantile(q) == pytest.approx(exact, rel=0.01 + 1e-9)

    @settings(max_examples=50)
    @given(values, values)
    def test_merging_is_the_union(self, a: list[float], b: list[float]) -> None:
        merged = LogHistogram(a)
        merged.merge(LogHistogram(b))
        both = LogHistogram([*a, *b])
        assert (merged.buckets, merged.zeros, merged.count) == (
            both.buckets,
            both.zeros,
            both.count,
        )
        assert merged.most == both.most and merged.total == pytest.approx(both.total)
        assert Buckets(values=a).merge(Buckets(values=b)).counts == Buckets(values=[*a, *b]).counts

    @given(values, quantiles)
    def test_the_bucket_has_the_exact_one(self, given_values: list[float], q: float) -> None:
        exact = quantile(sorted(given_values), q)
        found = Buckets(values=given_values)
        around, answer = found.around(q), found.quantile(q)
        assert around is not None and exact is not None and answer is not None
        assert around[0] < exact <= around[1] or exact == around[0] == 0
        assert around[0] <= answer <= around[1]

    def test_memory_is_bounded(self) -> None:
        """From a millisecond to a day: no more buckets than the contract says."""
        found = LogHistogram(0.001 * 1.0001**n for n in range(182_720))
        assert len(found.buckets) <= 915

    @pytest.mark.parametrize("bad", [(), (0.1, 0.1), (0.2, 0.1), (0.0, 1)])
    def test_bounds_must_rise(self, bad: tuple[float, ...]) -> None:
        with pytest.raises(BadInput, match="buckets"):
            Buckets(bad)

    def test_what_buckets_cannot_tell(self) -> None:
        found = Buckets((0.1, 0.25, 0.5), [0.05, 0.2, 0.3, 2.0])
        assert found.cumulative() == [1, 2, 3, 4] and found.at_most(0.25) == 2
        assert Buckets((0.1, 0.25), [0.1, 0.25]).counts == [1, 1, 0]  # le: less or equal
        with pytest.raises(BadInput, match=r"0\.1, 0\.25, 0\.5"):
            found.at_most(0.3)
        with pytest.raises(BadInput, match="same bounds"):
            found.merge(Buckets((0.1, 0.3)))
        assert found.around(1.0) == (0.5, math.inf) and found.quantile(1.0) == 0.5
        assert Buckets().quantile(0.5) is None and LogHistogram().quantile(0.5) is None

    @pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
    def test_histogram_quantile_is_prometheus(self, tmp_path: Path) -> None:
        """The same buckets in a promtool unit test, with our answers as what is expected."""
        rng = random.Random(1)
        bounds = (0.05, 0.1, 0.3, 1, 2.5)
        tests = []
        for number in range(8):
            found = Buckets(
                bounds, [rng.lognormvariate(-2, 1.2) for _n in range(rng.randrange(5, 200))]
            )
            series = [
                f"      - {{series: 'b{{n=\"{number}\",le=\"{le}\"}}', values: '{count}'}}"
                for le, count in zip((*bounds, "+Inf"), found.cumulative(), strict=True)
            ]
            for q in (0.5, 0.9, 0.95, 0.99):
                answer = found.quantile(q)
                tests.append("\n".join([
                    "  - input_series:", *series, "    promql_expr_test:",
                    f"      - expr: abs(histogram_quantile({q}, b) - {answer!r}) < bool 1e-9",
                    "        eval_time: 0",
                    "        exp_samples:",
                    f"          - {{labels: '{{n=\"{number}\"}}', value: 1}}",
                ]))  # fmt: skip
        path = tmp_path / "test.yml"
        path.write_text("\n".join(["evaluation_interval: 1m", "tests:", *tests]))
        done = subprocess.run(
            ["promtool", "test", "rules", str(path)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


class TestIndicators:
    def test_availability_and_error_rate_are_one_ratio(self) -> None:
        tally = Tally(GOOD)
        for status in (200, 200, 500, 404):
            tally.add(Event(0, status=status))
        assert tally.ratio == 0.75 and tally.error_rate == 0.25
        assert tally.throughput(2) == 2

    @given(st.lists(st.tuples(st.integers(100, 900), st.integers(0, 50)), max_size=30))
    def test_littles_law_holds(self, requests: list[tuple[int, int]]) -> None:
        """The mean of how many are in service, counted second by second."""
        tally = Tally(GOOD)
        inside = [0] * 1000
        for end, seconds in requests:
            tally.add(Event(end, float(seconds)))
            for second in range(end - seconds, end):
                inside[second] += 1
        assert tally.concurrency(1000) == pytest.approx(sum(inside) / 1000)

    @given(
        st.lists(st.integers(0, 50), min_size=1, max_size=10).map(lambda gaps: [*accumulate(gaps)]),
        st.integers(0, 30),
        st.integers(1, 40),
    )
    def test_freshness_second_by_second(self, records: list[int], limit: int, rest: int) -> None:
        until = records[-1] + rest
        ages = [s - max(r for r in records if r <= s) for s in range(records[0], until)]
        expected = sum(age < limit for age in ages) / len(ages)
        assert freshness(records, limit, until) == pytest.approx(expected)

    def test_freshness_of_nothing(self) -> None:
        assert freshness([], 5, 10) is None and freshness([3], 5, 3) is None
        with pytest.raises(BadInput, match="records"):
            freshness([3, 2], 5, 10)

    def test_silence(self) -> None:
        done = measure([Event(5), Event(9), Event(8), Event(40)], 60, good=GOOD)
        list(done.windows)
        assert (done.silence, done.first, done.last, done.seconds) == (31, 5, 40, 36)
