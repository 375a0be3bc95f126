"""One picture of every sort, in both languages, with labels that are hard to place.

Run as a script it prints a digest of each, which the determinism test compares between runs.
"""

from __future__ import annotations

import hashlib
import sys

from lab_kernel import figures as fig
from lab_kernel.trace import Trace


def samples(ko: bool) -> dict[str, fig.Figure]:
    """Every sort of picture by name, short and long data."""

    def say(korean: str, english: str) -> str:
        return korean if ko else english

    free, used, split = say("빈 블록", "free"), say("쓰는 중", "in use"), say("나뉨", "split")
    references = ["1", "2", "3", "4", "1", "2", "5", "1", "2", "3", "4", "5"]
    about = {"description": say("그림이 보이지 않을 때 읽는 글", "What it shows, in words")}

    def heap(*sizes: tuple[int, str, str]) -> list[fig.Block]:
        blocks, address = [], 1000
        for size, state, label in sizes:
            blocks.append(fig.Block(address, size, state, label))
            address += size
        return blocks

    trace = Trace()
    first, second = (
        say("프로세스 A", "process A"),
        say("커널 스왑 데몬(kswapd)", "swap daemon kswapd"),
    )
    fault, read = say("페이지 부재(page fault)", "page fault"), say("디스크 읽기", "disk read")
    trace.add(0, first, say("실행", "run"), "main", 8)
    trace.add(8, first, fault, "0x4")
    trace.add(9, second, read, say("4번 들이기", "swap in 4"), 12)
    trace.add(12, second, read, say("2번 내보내기", "swap out 2"), 9)
    trace.add(25, first, say("적중", "hit"), "0x4")

    fields = [
        fig.Field(say("최상위 인덱스", "top index"), "47–39", "0x0ff"),
        fig.Field(say("중간 인덱스", "middle index"), "38–30", "0x048"),
        fig.Field(say("오프셋", "offset"), "11–0", "0xd1c"),
    ]
    absent = say("없음", "not present")
    tables = [
        fig.Table(say("최상위 · 프레임 12", "top · frame 12"), [("0x0ff", "→ 7 · rw")]),
        fig.Table(
            say("중간 · 프레임 7", "middle · frame 7"),
            [("0x047", absent), ("0x048", say("→ 프레임 9", "→ frame 9")), ("0x049", absent)],
            1,
        ),
    ]
    walk = ("0x7f9200001d1c", fields, tables)
    code = say("코드", "code")
    regions = [
        fig.Region(0x55D0C0A00000, 0x55D0C0A2C000, "/usr/bin/bash", "r-xp", code),
        fig.Region(0x55D0C0A2C000, 0x55D0C0A35000, say("데이터", "data"), "rw-p"),
        fig.Region(
            0x7F1200000000,
            0x7F1200400000,
            say(
                "/usr/lib/x86_64-linux-gnu/libc.so.6 공유 라이브러리",
                "/usr/lib/x86_64-linux-gnu/libc.so.6",
            ),
            "r-xp",
        ),
        fig.Region(2**64 - 2**21, 2**64, say("커널 <맨 위> & 끝", "kernel <top> & end"), "---p"),
    ]
    curves = [
        fig.Series("FIFO", [(1, 20), (2, 18), (3, 16), (4, 14), (5, 10)]),
        fig.Series(say("최적(OPT)", "OPT"), [(1, 20), (2, 15), (3, 11), (4, 8), (5, 7)]),
    ]
    counts = [
        fig.Series(
            say("이 프로세스의 상주 페이지(resident pages)", "resident pages of this process"),
            [(0, 0), (100.5, 3), (900, 5.25), (1500, 12)],
        ),
        fig.Series(say("스왑으로 나간 페이지", "swapped out so far"), [(0, 0), (1500, 9)]),
    ]
    axes = {"x_label": say("프레임 수", "frames"), "y_label": say("페이지 부재", "page faults")}
    parts = [say("상주", "resident"), say("스왑", "swapped"), say("매핑만 됨", "only mapped")]
    pictures = {
        "grid": fig.frame_grid(fifo(references), title=say("선입선출", "FIFO"), **about),
        "long grid": fig.frame_grid(
            fifo(references * 3), title=say("긴 참조열", "A long string"), **about
        ),
        "lines": fig.line_chart(curves, title=say("부재 곡선", "Faults"), **axes, **about),
        "steps": fig.step_chart(
            counts, title=say("시간에 따른 상주 집합의 크기와 스왑", "Over time"), **axes, **about
        ),
        "timeline": fig.timeline(
            trace, title=say("부재 하나의 일생", "One fault"), x_label=say("틱", "ticks"), **about
        ),
        "map": fig.memory_map(regions, title=say("주소 공간", "Address space"), **about),
        "bars": fig.bars(
            [
                fig.Bar("postgres", list(zip(parts, (120, 40, 300), strict=True))),
                fig.Bar(say("셸", "shell"), list(zip(parts, (9, 0, 30.5), strict=True))),
            ],
            title=say("누가 메모리를 쓰는가", "Who uses the memory"),
            **about,
        ),
        "long bars": fig.bars(
            [
                fig.Bar(
                    say(
                        "최적 적합은 빈 목록을 언제나 끝까지 살펴본다",
                        "Best fit looks at every entry, always",
                    ),
                    [("", 31)],
                )
            ],
            title=say("살펴본 항목", "Entries looked at"),
            **about,
        ),
        "walk": fig.table_walk(
            *walk, say("물리 주소 0x9d1c", "physical 0x9d1c"), title=say("걸음", "Walk"), **about
        ),
        "fault": fig.table_walk(
            *walk,
            say("페이지 부재: 표에 없는 주소라서 커널이 나선다", "page fault: the kernel steps in"),
            title=say("부재", "Fault"),
            fault=True,
            **about,
        ),
        "blocks": fig.blocks(
            [
                fig.Strip(say("처음", "At the start"), heap((100, free, ""))),
                fig.Strip(
                    "+10, +3, +5",
                    heap(
                        (10, used, "A"),
                        (3, used, say("블록 나", "block B")),
                        (5, used, say("블록 다", "block C")),
                        (80, free, ""),
                        (2, used, say("맨 끝 블록", "the last one")),
                    ),
                ),
            ],
            title=say("구멍이 생기는 과정", "How holes appear"),
            **about,
        ),
        "buddy": fig.buddy_tree(
            [
                fig.Strip(say("차수 2", "order 2"), [fig.Block(0, 4, split)]),
                fig.Strip(
                    say("차수 1", "order 1"), [fig.Block(0, 2, split), fig.Block(2, 2, free)]
                ),
                fig.Strip(say("차수 0", "order 0"), [fig.Block(0, 1, used), fig.Block(1, 1, free)]),
            ],
            title=say("버디", "Buddies"),
            **about,
        ),
        "lanes": fig.lanes(
            [say("사용자 모드(user mode)", "user mode"), say("커널 모드", "kernel mode")],
            [
                fig.Step(0, 'open("/etc/shadow", O_RDONLY)', say("함", "done")),
                fig.Step(
                    1, say("권한 검사: 권한 비트", "the check of rights"), say("거절", "refused")
                ),
                fig.Step(1, say("일 자체", "the work"), say("이르지 못함", "not reached")),
                fig.Step(1, "rax = -13", say("거절", "refused")),
                fig.Step(0, say("라이브러리가 -1을 돌려준다", "returns -1"), say("함", "done")),
            ],
            title=say("호출 하나", "One call"),
            quiet=say("이르지 못함", "not reached"),
            **about,
        ),
        "table": fig.table(
            ("sh", say("왼쪽 프로그램", "the left one")),
            [
                fig.Row(
                    "0", [fig.Cell(say("콘솔", "console"), say("장치", "device")), fig.Cell("")]
                ),
                fig.Row(
                    "CAP_DAC_READ_SEARCH",
                    [
                        fig.Cell(say("파이프, 읽는 쪽", "pipe, to read"), "r", heavy=True),
                        fig.Cell("x", say("묻지 않음", "not asked")),
                    ],
                ),
            ],
            title=say("디스크립터", "Descriptors"),
            quiet=say("묻지 않음", "not asked"),
            **about,
        ),
        "waterfall": fig.waterfall(
            [
                fig.Span(
                    say("주문(checkout)", "checkout"),
                    0,
                    [
                        fig.Part(0, 3, say("스스로 하는 일", "own work")),
                        fig.Part(3, 90, say("다른 서비스를 기다림", "asking others")),
                    ],
                    [(0, 3), (40.5, 90)],
                ),
                fig.Span(
                    say("결제와 부정 사용 검사", "payments-and-fraud-detection"),
                    6,
                    [fig.Part(3, 40.5, say("큐에서 기다림", "waiting in the queue"))],
                    [(3, 40.5)],
                    failed=40.5,
                ),
            ],
            title=say("요청 하나", "One request"),
            x_label=say("밀리초", "milliseconds"),
            **about,
        ),
        "calls": fig.call_graph(
            [
                fig.Vertex(say("가게 앞", "front"), [say("장바구니", "cart"), "db"], ["db"]),
                fig.Vertex(
                    say("장바구니", "cart"), ["db"], (), ["99.9%"], say("응답함", "answers")
                ),
                fig.Vertex("db", (), (), [say("느려진 데이터베이스", "slow")], say("느림", "slow")),
            ],
            title=say("누가 누구를 부르는가", "Who calls whom"),
            **about,
        ),
        "heatmap": fig.heatmap(
            [[0, 1, 3, 9] * 5, [5, 60, 300, 7] * 5, [0, 0, 12, 1] * 5],
            title=say("대기 시간의 분포", "Latency over time"),
            across=(0, 20),
            x_label=say("분", "minutes"),
            y_label=say("요청 시간, 요청 수", "request time, requests"),
            y_ticks=[(0, "1 ms"), (1, "10 ms"), (2, "100 ms")],
            spans=[
                fig.Stretch(say("느린 데이터베이스", "slow database"), 2, 6),
                fig.Stretch(
                    say("아주 긴 이름을 가진 잠깐의 장애", "a short fault with a long name"), 9, 9.5
                ),
            ],
            rule=(2.5, say("목표 300 ms", "objective, 300 ms")),
            **about,
        ),
        "nothing": fig.bars([], title=say("빈 그림", "Empty"), **about),
    }
    return pictures


def fifo(references: list[str], frames: int = 3) -> list[fig.Column]:
    """Columns of first in, first out, written down as plainly as possible."""
    resident: list[str | None] = [None] * frames
    columns, turn = [], 0
    for page in references:
        if hit := page in resident:
            columns.append(fig.Column(page, tuple(resident), hit, resident.index(page)))
            continue
        frame, turn = turn, (turn + 1) % frames
        out, resident[frame] = resident[frame], page
        columns.append(fig.Column(page, tuple(resident), hit, frame, out))
    return columns


if __name__ == "__main__":
    for ko in (True, False):
        for name, picture in samples(ko).items():
            digest = hashlib.sha256(picture.svg.encode()).hexdigest()
            sys.stdout.write(f"{name} {digest}\n")
