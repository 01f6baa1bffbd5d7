"""Flows in the virtual room: every question of every shipped flow, with every kind of reply and with none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import Command, EndReason
from assistant.core.flows import Flow, Prompt, ReadBack, Reword
from assistant.core.pages import HandOver, Place
from assistant.core.rehearsal import REPLIES, rehearse
from assistant.core.scenes.flow import FlowScene
from assistant.core.script import Ask
from assistant.safety.transcript import Trust
from assistant.safety.verdict import CLEAR, Verdict
from assistant.settings_files import settings_files
from assistant.testing.room import Room
from tests.core.stories import SUPPORT

SETTINGS = load_settings(settings_files(content_root() / "config.yaml"), {"country": "GB"})
LIBRARY = load_library(SETTINGS)
FLOWS = LIBRARY.repertoire.flows
PAST = "when i was a child he locked me in"
"""Old harm, as somebody may begin to tell it."""
SAID = {
    "silence": "", "one word": "tea", "a sentence": "the talk with my boss on monday morning", "yes": "yes", "no": "no",
    "stop": "stop", "pause": "wait", "next": "next", "skip": "skip", "back": "back", "cannot": "i can't",
    "worse": "it's worse", "else": "something else", "again": "again", "slower": "slower", "sure": "are you sure",
    "help": "help", "goodbye": "goodbye", "forget": "forget that", "change": "change", "shorter": "shorter",
    "keep": "keep it", "unknown": "i don't know", "thanks": "thank you", "past": PAST,
    "now": "i'm panicking right now", "danger": "i want to die", "faint": "i wish i could disappear",
}  # fmt: skip
"""One of each class of reply."""


class Nothing:
    """A learned layer that finds nothing: what the rules find is enough here."""

    name = "nothing"

    def estimate(self, text: str) -> Verdict:
        return CLEAR


class Watched(Room):
    """A room that keeps what was handed on."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.handed: list[HandOver] = []

    def perform(self, command: Command, now: float) -> None:
        if isinstance(command, HandOver):
            self.handed.append(command)
        super().perform(command, now)


def a_room(flow: str | None = None, step: int = 0, *, remembers: bool = True, exports: bool = False) -> Watched:
    conversation = build_conversation(
        LIBRARY, SETTINGS, typed=False, learned=Nothing(), flow=flow, remembers=remembers, exports=exports
    )
    scene = conversation._scene
    if isinstance(scene, FlowScene):
        scene.step = step
    return Watched(conversation)


def questions() -> Iterator[tuple[str, int]]:
    for name, flow in FLOWS.items():
        yield from (
            (name, at)
            for at, step in enumerate(flow.script.steps)
            if isinstance(step, Ask) and not isinstance(step, Reword)
        )


def asked(name: str, at: int) -> str:
    step = FLOWS[name].script.steps[at]
    assert isinstance(step, Ask)
    return step.question


@pytest.mark.parametrize(("name", "at"), list(questions()))
def test_every_question_with_every_reply_comes_to_an_end(name: str, at: int) -> None:
    for reply, words in SAID.items():
        for trust in (Trust.TRUSTED, Trust.DOUBTFUL):
            room = a_room(name, at)
            if words:
                room.answers(words, to=asked(name, at), trust=trust)
            room.run(until=7200)
            where = f"{name}, {asked(name, at)!r}, {reply}, {trust.value}"
            assert room.ended is not None, f"{where} has not ended"
            assert not [said for said in room.words if PAST in said], f"{where}: old harm was read aloud"
            if trust is Trust.DOUBTFUL or isinstance(FLOWS[name].script.steps[at], ReadBack):
                continue
            if reply in ("worse", "help", "danger"):
                assert room.support_shown, f"{where} leads to nobody"
            if reply == "danger":
                assert room.ended is EndReason.SUPPORT_GIVEN and room.handed == [], where
            if reply in ("worse", "else", "now", "danger", "stop", "goodbye"):
                later = [step.question for step in FLOWS[name].script.steps[at + 1 :] if isinstance(step, Ask)]
                assert not set(later) & set(room.words), f"{where}: the flow went on"


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("words", ["", "tea", "mm"])
def test_a_flow_works_with_silence_with_one_word_and_with_words_that_nobody_makes_out(name: str, words: str) -> None:
    room = a_room(name)
    for step in FLOWS[name].script.steps:
        if isinstance(step, Ask) and words:
            says = "no" if isinstance(step, Prompt) and step.people else words
            trust = Trust.DOUBTFUL if words == "mm" and says == "mm" else Trust.TRUSTED
            room.answers(says, to=step.question, trust=trust)
    room.run(until=7200)
    assert room.ended is EndReason.FINISHED
    spoken = set(room.words)
    for step in FLOWS[name].script.steps:
        if isinstance(step, Ask) and not isinstance(step, ReadBack | Reword):
            assert step.question in spoken, "every question is asked"
    assert ("tea" in spoken) == (words == "tea"), "what was said is read back, and what was not is not"
    assert [record.exercise for record in room.records] == [name]


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_with_every_reply_is_rehearsed_too(name: str) -> None:
    flow = FLOWS[name]
    assert list(rehearse(flow.script, LIBRARY.repertoire, SUPPORT, lambda script: FlowScene(script, flow))) == []
    assert len(REPLIES) > 40


@pytest.mark.parametrize("flow", FLOWS.values(), ids=list(FLOWS))
def test_each_is_begun_by_each_of_its_phrases(flow: Flow) -> None:
    for phrase in flow.begins:
        room = a_room()
        room.answers(f"could we {phrase} please", to="Or stay quiet")
        room.run(until=30)
        assert room.conversation.scene == f"flow:{flow.script.id}", phrase


def test_in_distress_at_this_moment_help_comes_and_no_flow() -> None:
    room = a_room()
    room.answers("something bad happened i can't breathe", to="Or stay quiet")
    room.run(until=30)
    assert room.conversation.scene.startswith("exercise:")


def test_a_panic_attack_that_is_told_of_is_an_answer_and_no_alarm() -> None:
    room = a_room("prepare")
    room.answers("i had a panic attack on monday", to="What has changed")
    room.run(until=60)
    assert room.conversation.scene == "flow:prepare"


def untangled(answer: str | None, *, remembers: bool = True) -> Watched:
    room = a_room("untangle", remembers=remembers)
    room.answers("the exam", to="what is the worry")
    if answer:
        room.answers(answer, to="or no." if not remembers else "Say keep, show, or no.")
    return room


def test_by_default_everything_that_was_said_is_gone() -> None:
    for answer in (None, "no", "tea", "goodbye", "forget that", "stop"):
        room = untangled(answer)
        room.run()
        assert room.handed == [] and room.ended is not None, answer


def test_with_a_yes_it_is_kept_and_on_show_it_is_shown() -> None:
    for answer, place in (("keep it", Place.NOTE), ("yes", Place.NOTE), ("show", Place.SCREEN)):
        room = untangled(answer)
        room.run()
        (handed,) = room.handed
        assert handed.place is place and ("The worry:", "the exam") in handed.page.rows
        assert "the exam" not in repr(handed)


def test_a_guest_is_never_offered_a_note() -> None:
    room = untangled("keep it", remembers=False)
    room.run()
    assert not any("as a note" in words for words in room.words)
    assert [handed.place for handed in room.handed] == [Place.SCREEN]


def test_with_a_file_named_nothing_is_asked_and_after_a_crisis_nothing_is_written() -> None:
    room = a_room("untangle", exports=True)
    room.run()
    assert [handed.place for handed in room.handed] == [Place.FILE]
    room = a_room("untangle", exports=True)
    room.answers("i want to die", to="what is the worry")
    room.run()
    assert room.handed == []


def test_fear_of_the_person_leads_to_people_and_no_word_is_drafted() -> None:
    for at, words in (("Yes or no.", "yes"), ("Yes or no.", "sometimes"), ("in one line", "he gets violent")):
        room = a_room("message")
        if at != "Yes or no.":
            room.answers("no", to="Yes or no.")
        room.answers(words, to=at)
        if words == "sometimes":
            room.answers("he shouts", to="Yes or no.")
        room.run()
        assert any("won't draft" in said for said in room.words) and room.support_shown, words
        assert any("Domestic Abuse" in said for said in room.words)
        assert "What happened:" not in room.words and room.handed == []


def test_a_draft_with_violence_in_it_is_not_read_aloud() -> None:
    for words in ("i will ruin you", "you are such an idiot"):
        room = a_room("message")
        room.answers("no", to="Yes or no.")
        room.answers(words, to="in one line")
        room.run()
        assert words not in room.words and any("won't read this one" in said for said in room.words)
        assert room.support_shown


def test_words_that_are_danger_only_together_are_not_read_aloud() -> None:
    room = a_room("message")
    room.answers("no", to="Yes or no.")
    room.answers("it will all end and i want to", to="in one line")
    room.answers("die down", to="I feel.")
    room.run()
    assert "die down" not in room.words and any("won't read this one" in said for said in room.words)


def test_a_part_is_changed_by_its_name_and_the_rest_stays() -> None:
    room = a_room("untangle")
    room.answers("the exam", to="what is the worry")
    room.answers("read a page", to="small step for today")
    room.answers("change the step", to="Say yes, change")
    room.run(until=150)
    room.answers("read two pages", to="small step for today")
    room.answers("keep it", to="Say keep")
    room.run()
    rows = dict(room.handed[0].page.rows)
    assert rows["My next step:"] == "read two pages" and rows["The worry:"] == "the exam"


def test_back_asks_the_question_before_anew() -> None:
    room = a_room("untangle")
    room.answers("the exam", to="what is the worry")
    room.answers("back", to="What a camera would see")
    room.run(until=60)
    assert room.words.count("In a few words, what is the worry?") == 2


def test_three_minutes_are_the_persons_and_nothing_is_said_into_them() -> None:
    room = a_room("reflection")
    room.answers("the morning was loud", to="three minutes")
    room.says("and then the bus was late", at=70.0)
    room.says("but i walked home", at=95.0)
    room.run(until=100)
    assert room.said_after(45.0) == []
    room.answers("keep it", to="Say keep")
    room.run()
    kept = dict(room.handed[0].page.rows)["On my mind:"]
    assert kept == "the morning was loud and then the bus was late but i walked home"


def test_old_harm_is_met_with_firm_ground_and_put_aside_only_with_a_yes() -> None:
    for answer, noted in (("yes", True), ("no", False), ("", False)):
        room = a_room("reflection")
        room.answers(PAST, to="three minutes")
        if answer:
            room.answers(answer, to="for that person")
        room.answers("show", to="Say keep")
        room.run()
        assert any("Feet on the floor" in said for said in room.words)
        rows = [words for handed in room.handed for _, words in handed.page.rows]
        assert (PAST in rows) == noted
        assert not any(said.endswith("?") and "happened" in said for said in room.words), "nobody asks about it"


def test_what_is_long_is_cut_before_it_is_read() -> None:
    room = a_room("untangle")
    room.answers("that it all comes at once " * 12, to="what is the worry")
    room.run()
    read = next(said for said in room.words if said.startswith("that it all comes"))
    assert len(read) <= 160 and "And more, as you said it." in room.words


def test_a_recogniser_of_few_words_is_told_of_at_the_start() -> None:
    conversation = build_conversation(
        LIBRARY, SETTINGS, typed=False, learned=Nothing(), flow="untangle", hears_words=False
    )
    room = Watched(conversation)
    room.run(until=20)
    assert any("only know set phrases" in said for said in room.words)
