"""The page for a therapist: one page, all that was worse on it, no word the person did not choose, nothing fetched."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from assistant.core.past import Past, PastExercise
from assistant.core.understanding import State
from assistant.errors import StoreError
from assistant.memory.history import tally
from assistant.memory.plot import plotted, to_svg
from assistant.memory.report import ROWS, Line, Sheet, sheet, to_html
from assistant.memory.report_pdf import to_pdf

from .entries import NOON, entry

TODAY = NOON.date()
PAST: Past = (
    entry("long-ago", days=-28),
    entry("feet-on-floor", days=-27, before=8, after=5),
    entry("feet-on-floor", days=-3, before=5, after=5),
    entry("breath-four-six", days=-2, before=4, after=7, worse=True, state=State.WORRY),
    entry("breath-four-six", days=-1, before=None, after=None, worse=True, state=State.WORRY),
    entry("feet-on-floor", before=6, after=None),
)


def page(past: Past = PAST, *lines: Line) -> Sheet:
    return sheet(past, TODAY, 28, {"feet-on-floor": "Feet <on> the floor"}, lines)


def test_it_counts_what_was_in_the_time_and_hides_no_worse_one() -> None:
    one = page()
    assert (one.first, one.last, one.days_used) == (TODAY - timedelta(days=27), TODAY, 5)
    feet, breath = one.by_exercise
    assert (feet.name, feet.times, feet.rated, feet.lower, feet.same, feet.higher, feet.worse) == (
        "Feet <on> the floor", 3, 2, 1, 1, 0, 0,
    )  # fmt: skip
    assert (breath.times, breath.rated, breath.higher, breath.worse) == (2, 1, 1, 2)
    assert one.by_state == (("panic", 3), ("worry", 2))
    assert dict(one.by_part_of_day)["afternoon (12 to 18)"] == 5


def test_what_does_not_fit_the_page_is_counted_together() -> None:
    past = tuple(entry(f"exercise-{number:02}", worse=number > 15) for number in range(ROWS + 4))
    one = page(past)
    assert len(one.by_exercise) == ROWS + 1
    assert one.by_exercise[-1].name == "4 others"
    assert sum(row.times for row in one.by_exercise) == len(past) and one.by_exercise[-1].worse == 4


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_fetches_nothing_and_holds_no_word_that_was_not_chosen() -> None:
    text = to_html(page(PAST, Line(date(2026, 11, 20), "the <b>exam</b> & after")))
    tags = Tags(text).seen
    assert not {"script", "img", "link", "iframe", "b", "on"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name in ("src", "href", "onload")]
    assert "20 Nov: the &lt;b&gt;exam&lt;/b&gt; &amp; after" in text and "Feet &lt;on&gt; the floor" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert "What I would like to talk about" not in to_html(page())


def test_it_neither_interprets_nor_diagnoses() -> None:
    words = re.sub("<style>.*?</style>|<[^>]+>", " ", to_html(page()), flags=re.DOTALL).lower()
    assert not re.search(r"average|mean\b|improv|effective|severe|disorder|symptom|score|recommend|%", words)


def test_every_entry_is_in_the_plot_and_days_without_one_stay_empty() -> None:
    plot = plotted(PAST[1:], TODAY - timedelta(days=27), TODAY)
    assert [round(mark.x * 28, 1) for mark in plot.marks] == [0.5, 24.5, 25.5, 26.5, 27.5]
    svg = to_svg(plot)
    assert svg.count("<circle") == 7 and svg.count('class="worse"') == 3
    assert [label for _, label in plot.weeks] == ["30 Oct", "06 Nov", "13 Nov", "20 Nov"]


def test_a_plot_of_years_has_dates_that_can_be_read() -> None:
    plot = plotted((), date(2016, 1, 1), date(2025, 12, 31))
    assert 6 <= len(plot.weeks) <= 12


def test_an_entry_counts_on_the_day_it_was_where_the_person_was() -> None:
    late = PastExercise(NOON.replace(hour=23, minute=59), "feet-on-floor", State.SLEEP, 5.0, 3.0, False, False)
    assert page((late,)).all.times == 1
    assert dict(page((late,)).by_part_of_day)["evening (18 to 24)"] == 1


def test_what_a_clock_that_ran_ahead_has_dated_after_today_is_on_no_page_of_today() -> None:
    assert page((*PAST, entry("from-tomorrow", days=1))) == page(PAST)


def test_with_nothing_there_is_still_a_page() -> None:
    assert "0 times on 0 of 28 days" in to_html(page(()))
    assert to_pdf(page(())).startswith(b"%PDF")


def test_the_pdf_is_one_page_and_says_when_it_lacks_letters() -> None:
    past = tuple(entry(f"exercise-{number:02}", days=-number) for number in range(ROWS + 4))
    lines = [Line(TODAY, "something short to talk about")] * 8
    pdf = to_pdf(page(past, *lines))
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    with pytest.raises(StoreError) as raised:
        to_pdf(page((), Line(TODAY, "\u0437\u0430\u043c\u0435\u0442\u043a\u0430")))
    assert raised.value.code == "report-letters" and "\u0437" not in raised.value.hint


def test_a_tally_adds_up() -> None:
    one = tally("all", PAST)
    assert (one.times, one.rated, one.lower + one.same + one.higher, one.worse) == (6, 4, 4, 2)
