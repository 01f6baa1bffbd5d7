"""Off, as it is shipped: no package is imported, no socket opened; and on, it changes neither level nor time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import AskModel, AskWording
from assistant.core.conversation import Conversation
from assistant.core.events import Event, ModelChose, ModelSaid
from assistant.core.outside import Outside, Whose
from assistant.testing.room import Room
from tests.core.stories import a_conversation

from .saying import FAIR, SAID, hostile, screened, the_guard

CHECKOUT = Path(__file__).resolve().parents[2]

SPIES = """
import os, sys
def _note(event, arguments):
    if event == "socket.__new__" and int(arguments[1]) != 1 or event in ("socket.getaddrinfo", "socket.connect"):
        with open(os.environ["SEEN"], "a") as file:
            file.write(event + "\\n")
    if event == "import" and arguments[0].split(".")[0] in ("openai", "wyoming", "httpx", "httpx2", "asyncio"):
        with open(os.environ["SEEN"], "a") as file:
            file.write("import " + arguments[0] + "\\n")
sys.addaudithook(_note)
"""


def test_as_shipped_it_is_off() -> None:
    assert not load_settings([content_root() / "config.yaml"]).llm.enabled


def test_off_nothing_of_it_is_imported_and_no_socket_is_made_in_a_whole_sitting(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SPIES)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "GROUNDING_"))}
    environment = inherited | {
        "HOME": str(tmp_path), "PYTHONPATH": f"{tmp_path}:{CHECKOUT}", "SEEN": str(tmp_path / "seen"),
    }  # fmt: skip
    command = [sys.executable, "-m", "assistant", "run", "--mic", "none", "--speaker", "none", "--realtime"]
    ran = subprocess.run(
        command, input=f"{SAID}\nstop\ngoodbye\n", env=environment, cwd=tmp_path, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    seen = tmp_path / "seen"
    assert not seen.exists(), seen.read_text()


def a_room(*, on: bool) -> Room:
    conversation: Conversation = a_conversation()
    if on:
        conversation.session.outside = Outside(model=Whose.HERE, told=True)
    room = Room(conversation)
    if on:
        # As told, but not said: so that both rooms have the same greeting, second for second.
        conversation.session.outside = _Told(model=Whose.HERE, told=True)
    return room


class _Told(Outside):
    def notice(self) -> tuple[str, ...]:
        return ()


PLEAS = ("i'm panicking and shaking", "the kettle is whistling again", "i can't sleep at all")


@pytest.mark.parametrize("plea", PLEAS)
@pytest.mark.parametrize("after", [0.0, 0.4, 1.4, 1.6, 60.0])
@pytest.mark.parametrize("answer", ["a sentence", "a choice", "both", "nothing"])
def test_the_first_word_after_the_person_is_no_later_with_the_model_on_than_off(
    plea: str, after: float, answer: str
) -> None:
    guarded = the_guard().reflection(FAIR, screened(SAID))

    asks: list[AskModel] = []

    def model(ask: AskModel | AskWording) -> list[tuple[float, Event]]:
        assert isinstance(ask, AskModel)
        asks.append(ask)
        said: list[Event] = [ModelSaid(ask.ask_id, guarded)] if answer in ("a sentence", "both") else []  # type: ignore[arg-type]
        chose: list[Event] = [ModelChose(ask.ask_id, "state:panic")] if answer in ("a choice", "both") else []
        return [(after, event) for event in (*said, *chose)]

    rooms = {on: a_room(on=on) for on in (False, True)}
    for on, room in rooms.items():
        room.model = model
        room.answers(plea, to="greeting.hello")
        room.run(until=120.0)
        assert bool(asks) == on
    starts = {on: [heard.start for heard in room.heard] for on, room in rooms.items()}
    assert starts[True][1] == starts[False][1], "the first word of the answer"
    assert any("press one" in words for words in rooms[True].words) or not any(
        "press one" in words for words in rooms[False].words
    )


def test_whatever_is_said_by_the_model_an_answer_of_reviewed_words_comes_within_two_seconds() -> None:
    for answer in ("", *hostile()):
        room = a_room(on=True)
        room.model = lambda ask, answer=answer: [(0.1, ModelChose(ask.ask_id, answer))]  # type: ignore[misc] # bound now
        room.answers("the kettle is whistling again", to="greeting.hello")
        room.run(until=30.0)
        spoke = next(sound.end for sound in room._sounds)
        first = next(heard for heard in room.heard if heard.start > spoke)
        assert first.text == "choosing.considering" and first.start - spoke < 2.0
        assert room.words[2].startswith("choosing.offer_two")


@pytest.mark.parametrize("moment", [4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
def test_a_stop_is_silence_at_once_while_the_model_is_asked_and_after(moment: float) -> None:
    room = a_room(on=True)
    guarded = the_guard().reflection(FAIR, screened(SAID))
    room.model = lambda ask: [(1.0, ModelSaid(ask.ask_id, guarded))]  # type: ignore[arg-type]
    room.answers("i'm panicking and shaking", to="greeting.hello")
    room.presses_stop(at=moment)
    room.run(until=moment + 1.5)
    assert not room.speaking_at(moment + 0.01)
    assert FAIR not in room.said_after(moment)
