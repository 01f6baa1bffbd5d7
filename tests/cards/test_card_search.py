"""The card that answers is found, nothing fits where nothing does, and danger is never answered by a card."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.app.learning import Shelf, answer_screened
from assistant.content.countries import UNKNOWN
from assistant.content.root import content_root
from assistant.core.card_search import FITS, CardSearch, Wording
from assistant.core.cards import Card
from assistant.core.understanding import State
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.understanding.learned import LearnedScreen
from assistant.wilson import Share
from benchmarks.card_search import DANGER, NONE, Asked, figures, questions, screened, shipped

SEARCH = shipped()
SHELF = Shelf.load(content_root(), "en", UNKNOWN)
HELD_OUT = questions()


def spoken(text: str) -> Transcript:
    return Transcript(text, Trust.TRUSTED, 1.0, "typed")


def small(**changed: tuple[str, ...]) -> CardSearch:
    def one(name: str, *asked: str) -> Card:
        return Card(name, f"what {name} is", (State.UNSURE,), ("A line.",), "Yes.", "mixed", None, asked, (name,))

    return CardSearch(
        [one("anger", "why am i angry", "i see red"), one("grief", "i miss her", "she died")],
        Wording(frozenset({"the"}), {"angry": "anger"}, (("ss", "ss"), ("s", ""))),
        changed.get("elsewhere", ("what time is it",)),
    )


def test_the_held_out_questions_are_many_known_to_no_card_and_name_cards_there_are() -> None:
    known = {tuple(normalise(asked)) for card in SEARCH.cards for asked in card.questions}
    known |= {tuple(normalise(asked)) for asked in SEARCH.elsewhere}
    ids = {card.id for card in SEARCH.cards} | {NONE, DANGER}
    asked = [one.question for one in HELD_OUT]
    assert [question for question in asked if tuple(normalise(question)) in known] == []
    assert all(one.due <= ids for one in HELD_OUT) and len(set(asked)) == len(asked) >= 300
    assert sum(one.due == {NONE} for one in HELD_OUT) >= 60


def test_questions_are_answered_as_well_as_is_claimed() -> None:
    """The figures of docs/evaluation.md; a change that lowers one is to be told there."""
    asked = [one for one in HELD_OUT if one.due != {DANGER}]
    found, _ = figures((one, SEARCH.ranked(screened(one.question))) for one in asked)
    shares = {name: share.rate or 0.0 for name, share in found.items() if isinstance(share, Share)}
    assert shares["right card first"] >= 0.90
    assert shares["among the first three"] >= 0.97
    assert shares["nothing fits, where nothing does"] >= 0.90
    assert shares["answered with a wrong card"] <= 0.05


def test_a_plea_in_danger_is_never_answered_by_a_card() -> None:
    screen = SHELF.screen(LearnedScreen())
    for one in HELD_OUT:
        if one.due == {DANGER}:
            answer = answer_screened(screened(one.question, screen), SHELF, None)
            assert answer.card is None, one.question
            if answer.level is not Level.NONE:
                assert answer.support is not None and answer.support.emergency
            if answer.level is Level.HARD:
                assert answer.named is None


def test_the_search_itself_gives_no_card_after_a_hard_signal() -> None:
    text = "what is a panic attack, what is a panic attack and i want to die"
    question = Screen(SHELF.rules).screen(spoken(text))
    assert question.verdict.level is Level.HARD
    assert SEARCH.ranked(question)[0].fit >= FITS and SEARCH.answer(question) is None


def test_what_is_broken_is_told_and_a_question_is_answered_all_the_same(tmp_path: Path) -> None:
    shutil.copytree(content_root() / "scripts", tmp_path / "scripts")
    (tmp_path / "scripts" / "en" / "safety.yaml").write_text("rules: 7\n")
    (tmp_path / "scripts" / "en" / "cards" / "grief.yaml").write_text("id: 7\n")
    (tmp_path / "scripts" / "resources" / "GB.yaml").write_text("country: 7\n")
    (tmp_path / "scripts" / "en" / "exercises" / "feet-on-floor.yaml").write_text("id: 7\n")
    shelf = Shelf.load(tmp_path, "en", "GB")
    told = " ".join(shelf.notices)
    assert all(word in told for word in ("safety.yaml", "grief.yaml", "GB")) and "feet-on-floor" not in told
    card = answer_screened(screened("what is panic"), shelf, None).card
    assert card is not None and card.id == "panic"
    hard = answer_screened(Screen(shelf.rules).screen(spoken("i want to kill myself")), shelf, None)
    assert hard.level is Level.HARD and hard.card is None and hard.support is not None


def test_every_card_is_found_by_its_title_and_by_each_of_its_questions() -> None:
    lost = []
    for card in SEARCH.cards:
        for asked in (card.id, card.title, *card.questions):
            found = SEARCH.answer(screened(asked))
            if found is None or found.id != card.id:
                lost.append((card.id, asked, found and found.id))
    assert lost == []


def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_cards() -> None:
    backwards = CardSearch(SEARCH.cards[::-1], SEARCH.wording, SEARCH.elsewhere)
    for one in HELD_OUT[:60]:
        ranked = [[(found.card, found.fit) for found in s.ranked(screened(one.question))] for s in (SEARCH, backwards)]
        assert ranked[0] == ranked[1]


def test_endings_and_words_that_count_as_one_do_not_matter() -> None:
    found = small().answer(screened("Angry?"))
    assert found is not None and found.id == "anger"
    assert Wording(endings=(("ss", "ss"), ("s", ""))).stems("stress, reds") == ["stress", "red"]


def test_nothing_is_answered_where_nothing_is_known() -> None:
    for text in ("", "the", "zebra crossings in april", "what time is it"):
        if text:
            assert small().answer(screened(text)) is None, text
    assert small(elsewhere=()).ranked(screened("xyzzy")) == []


def test_a_wrong_answer_is_counted_as_wrong() -> None:
    """The ruler itself: a search that always says the same is seen through."""
    always = small().ranked(screened("anger"))
    found, misses = figures([(Asked("a", frozenset({"grief"})), always), (Asked("b", frozenset({NONE})), always)])
    rates = {name: share.rate for name, share in found.items() if isinstance(share, Share)}
    assert rates["right card first"] == 0 and rates["answered with a wrong card"] == 1
    assert rates["nothing fits, where nothing does"] == 0 and len(misses) == 2
