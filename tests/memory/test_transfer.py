"""What is exported comes back whole; what does not fit is told in one line, with where, and changes nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.past import PastExercise
from assistant.errors import StoreError
from assistant.memory.transfer import COLUMNS, fields, read, to_csv, to_json, unseen

from .entries import entries, entry

FORMS = (to_json, to_csv)


@given(some=st.lists(entries, max_size=8).map(tuple))
def test_both_forms_come_back_as_they_were(some: tuple[PastExercise, ...]) -> None:
    for form in FORMS:
        back, _ = read(form(some))
        assert back == some
        assert [one.ended.utcoffset() for one in back] == [one.ended.utcoffset() for one in some]


@given(known=st.lists(entries, max_size=5).map(tuple), more=st.lists(entries, max_size=5).map(tuple))
def test_reading_the_same_file_twice_adds_nothing(
    known: tuple[PastExercise, ...], more: tuple[PastExercise, ...]
) -> None:
    assert unseen(known, known) == []
    assert unseen(known + more, known) == list(more)
    assert unseen((*known, *known), known) == list(known), "two that are alike are two"


@given(text=st.text() | st.text('{}[]":,\n0123456789abc').map(lambda text: to_json(())[:40] + text))
def test_whatever_text_there_is_gets_an_answer(text: str) -> None:
    told: list[StoreError] = []
    try:
        read(text)
    except StoreError as error:
        told.append(error)
    assert all(error.code == "import-misfit" and "\n" not in error.hint for error in told)


def changed(**values: object) -> str:
    """An export with one entry in which something is wrong."""
    return json.dumps(json.loads(to_json(())) | {"entries": [fields(entry()) | values]})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "neither JSON nor CSV"),
        ("i feel awful today", "neither JSON nor CSV"),
        ("{", "not whole as JSON"),
        ("[" * 100_000, "not whole as JSON"),
        ("[]", "not made by 'grounding export'"),
        (to_json(()).replace('"edition": 1', '"edition": 2'), "a newer version"),
        (changed(words="i feel awful"), "entry 1 has more fields than ended, exercise"),
        (to_json((entry(),)).replace('"worse"', '"wore"'), "entry 1 lacks the field worse"),
        (to_json(()).replace('"entries": []', '"entries": [7]'), "entry 1 lacks the fields ended, exercise"),
        (changed(before=11), "entry 1: before has to be from 0 to 10"),
        (changed(before=True), "entry 1: before has to be"),
        (changed(after=float("nan")), "entry 1: after has to be"),
        (changed(worse="yes"), "entry 1: worse has to be true or false"),
        (changed(state="happy"), "entry 1: there is no such state"),
        (changed(exercise="a\nb"), "entry 1: exercise has to be a name"),
        (changed(ended="2026-11-26T20:15:00"), "entry 1: ended has to be a time with its zone"),
        (changed(ended="0001-01-01T00:00:00+14:00"), "entry 1: ended has to be"),
        (",".join(COLUMNS) + "\na,b\n", "line 2 has 2 cells and not 7"),
        (",".join(COLUMNS) + '\n"a', "line 2 is not whole"),
        (to_csv((entry(),)).replace("7.0", "seven"), "line 2: before has to be from 0 to 10"),
        (to_csv((entry(),)).replace("false", "no", 1), "line 2: worse has to be true or false"),
    ],
)
def test_what_does_not_fit_is_told_with_where_and_without_its_words(text: str, told: str) -> None:
    with pytest.raises(StoreError) as raised:
        read(text)
    assert told in raised.value.hint and "nothing was changed" in raised.value.hint
    assert "awful" not in raised.value.hint
