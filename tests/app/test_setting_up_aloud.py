"""Questions read aloud: answered by voice or by typing, each word behind the screen, and none of them a trap."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from assistant.app import setting_up, setting_up_aloud, setting_up_room
from assistant.app.asking import Ask, PutOff, Question, ask
from assistant.app.parts import build_screen, load_library
from assistant.app.preparing import setup
from assistant.app.setting_up import STEPS, ask_all, ask_cautions, ask_country, ask_patience
from assistant.app.setting_up_aloud import asked_aloud, heeding, words_of
from assistant.app.setting_up_interview import Interview, LineWaits, PeopleFirst
from assistant.app.setting_up_voice import ask_voice
from assistant.app.trusting import ask_name, ask_number
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.events import (
    Event,
    MicrophoneLost,
    SupportRequested,
    TranscriptionFailed,
    TranscriptReady,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.core.tellings import NEWS
from assistant.errors import DeviceError
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.settings import RunOptions, Settings
from assistant.settings_files import own_settings_file
from assistant.sound import Sound, write_wav
from assistant.understanding.ngrams import NGramEstimator


def shipped() -> Settings:
    return load_settings([content_root() / "config.yaml"])


class Room:
    """What will be said or typed, in order; what was read aloud. A text in angle brackets is typed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.coming: list[Event | str] = []
        self.said: list[str] = []
        self.did: list[str] = []
        self.late: set[AudioId] = set()
        """Turns whose words come by themselves."""
        self._turns: dict[AudioId, str] = {}
        self._typed: list[str] = []
        monkeypatch.setattr("builtins.input", lambda prompt: self._typed.pop(0))

    def then(self, *coming: Event | str) -> None:
        self.coming += coming

    def say(self, lines: Sequence[str]) -> None:
        self.said += lines
        self.did.append("say")

    def hold(self, *, on: bool) -> None:
        self.did.append("rest" if on else "swell")

    def hush(self) -> None:
        self.did.append("hush")

    def decode(self, audio_id: AudioId, *, number: bool) -> None:
        self.did.append(f"decode{' a number' * number}")
        if audio_id not in self.late:
            self.coming.insert(0, TranscriptReady(audio_id, transcript(self._turns[audio_id])))

    def next(self, *, wait: bool = True) -> Event | LineWaits | None:
        if not wait:
            return self.coming.pop(0) if self.coming and not isinstance(self.coming[0], str) else None  # type: ignore[return-value]
        event = self.coming.pop(0)
        if not isinstance(event, str):
            return event
        if event.startswith("<"):
            self._typed.append(event.strip("<>"))
            return LineWaits()
        turn = AudioId(len(self._turns) + 1)
        self._turns[turn] = event
        self.coming.insert(0, UserStoppedSpeaking(turn))
        return UserStartedSpeaking()


def transcript(text: str) -> Transcript:
    if not text:
        return nothing_heard("test")
    trust = Trust.DOUBTFUL if text.endswith("?") else Trust.TRUSTED
    return Transcript(text, trust, 0.9, "test")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


@pytest.fixture
def interview(room: Room) -> Interview:
    return asking(room, [])


@cache
def library() -> Library:
    return load_library(shipped())


@cache
def screen() -> Screen:
    return build_screen(library(), NGramEstimator())


def asking(room: Room, told: list[Event]) -> Interview:
    words = words_of("en")
    assert words is not None
    return Interview(room, words, library().lexicon, screen(), told.append)


def test_a_question_is_read_and_a_plain_yes_answers_it(room: Room, interview: Interview) -> None:
    room.then("yes please")
    assert ask_patience(shipped(), interview) == {"turn.patient": True}
    assert room.said[0].startswith("Shall I wait longer") and room.said[-1] == "The usual answer is no."
    assert room.did == ["say", "rest", "decode", "hush"]


def test_a_line_may_be_typed_at_any_time_and_hushes_the_voice(room: Room, interview: Interview) -> None:
    room.then(UserStartedSpeaking(), "<y>")
    assert ask_patience(shipped(), interview) == {"turn.patient": True} and room.did[-1] == "hush"
    room.then("<>")
    assert ask_patience(shipped(), interview) == {"turn.patient": False}
    room.then("<perhaps>", "<n>")
    assert ask_patience(shipped(), interview) == {"turn.patient": False} and "The screen says" in room.said[-1]


def test_a_country_is_said_back_and_counts_after_a_yes_only(room: Room, interview: Interview) -> None:
    room.then("Norway", "no", "Sweden", "Denmark", "yes")
    assert ask_country(shipped(), interview) == {"country": "DK"}
    assert [line for line in room.said if line.startswith("I heard")] == [
        f"I heard {name}. Is that right? Yes or no." for name in ("Norway", "Sweden", "Denmark")
    ]


def test_numbers_are_gathered_one_by_one_or_together(room: Room, interview: Interview) -> None:
    room.then("three", "number five", "yes")
    assert ask_cautions(shipped(), interview) == {"cautions": ["asthma_flare", "cardiac"]}
    assert room.did.count("decode a number") == 3 and "I heard three, five. Say yes" in room.said[-1]
    assert "Thirteen. You have flashbacks." in room.said
    room.then("3 and 12", "none", "yes")
    assert ask_cautions(shipped(), interview) == {"cautions": []}
    room.then("twenty", "yes", "one", "yes")
    assert ask_cautions(shipped(), interview) == {"cautions": ["breath_trauma"]}


def test_what_only_typing_can_tell_may_be_left_out_by_voice(room: Room, interview: Interview) -> None:
    room.then("Maya", "nobody", "yes")
    assert ask_name(shipped(), interview) == {"trusted_person.name": None}
    room.then("<07700 900123>")
    assert ask_number(shipped(), interview) == {"trusted_person.number": "07700 900123"}
    room.then("ask me later")
    with pytest.raises(PutOff):
        ask_number(shipped(), interview)


def test_again_stop_and_goodbye_are_heeded_at_any_question(room: Room, interview: Interview) -> None:
    room.then("say that again", "stop", "the usual one")
    assert ask_voice(shipped(), interview) == {"voice.engine": "auto"}
    assert room.said.count("There is a better voice. Its size and licence are on the screen.") == 2
    assert room.did.count("say") == 2, "after a stop nothing is said by itself"
    room.then("goodbye")
    with pytest.raises(KeyboardInterrupt):
        ask_patience(shipped(), interview)


@pytest.mark.parametrize("said", ["I want to kill myself", "I took all my pills", "help", "help?", "I want to die?"])
@pytest.mark.parametrize("question", [ask_country, ask_cautions, ask_patience, ask_name, ask_voice])
def test_danger_and_a_call_for_help_end_the_questions_at_once(
    room: Room, interview: Interview, said: str, question: object
) -> None:
    room.then(said)
    with pytest.raises(PeopleFirst) as first:
        question(shipped(), interview)  # type: ignore[operator]
    assert first.value.said is not None and first.value.said.text == said


def test_danger_said_while_a_yes_is_awaited_is_no_answer(room: Room, interview: Interview) -> None:
    room.then("Norway", "yes I want to die")
    with pytest.raises(PeopleFirst):
        ask_country(shipped(), interview)
    room.then(SupportRequested("stop word"))
    with pytest.raises(PeopleFirst):
        ask_country(shipped(), interview)


def test_what_was_said_before_a_question_is_screened_and_answers_nothing(room: Room, interview: Interview) -> None:
    room._turns[AudioId(7)] = "yes"
    room.then(UserStoppedSpeaking(AudioId(7)), "no")
    assert ask_patience(shipped(), interview) == {"turn.patient": False}
    room._turns[AudioId(8)] = "I am going to kill myself"
    room.then(UserStoppedSpeaking(AudioId(8)))
    with pytest.raises(PeopleFirst):
        ask_patience(shipped(), interview)


def test_what_broke_before_a_question_is_told_with_it(room: Room) -> None:
    told: list[Event] = []
    room.then(Trouble("voice-replaced"), MicrophoneLost(), "yes")
    assert ask_patience(shipped(), asking(room, told)) == {"turn.patient": True}
    assert told[:2] == [Trouble("voice-replaced"), MicrophoneLost()]


def test_a_cough_before_a_question_that_is_understood_late_takes_nothing_of_the_question_away(
    room: Room, interview: Interview
) -> None:
    room.late.add(AudioId(7))
    room.then(UserStoppedSpeaking(AudioId(7)), "", TranscriptReady(AudioId(7), transcript("")), "yes")
    assert ask_patience(shipped(), interview) == {"turn.patient": True}
    assert room.did == ["decode", "say", "rest", "decode", "swell", "say", "swell", "rest", "decode", "hush"]


def test_a_cough_and_a_room_with_a_radio_change_nothing(room: Room) -> None:
    told: list[Event] = []
    interview = asking(room, told)
    room.then("", UserStartedSpeaking(), UserStoppedSpeaking(None), "yes?", "rain tomorrow", "and now the news")
    room.then(TranscriptionFailed(AudioId(1), "recogniser-failed"), MicrophoneLost(), "<y>")
    assert ask_patience(shipped(), interview) == {"turn.patient": True}
    assert room.said.count("I couldn't make that out. Once more, or type it.") == 2
    assert room.did[:7] == ["say", "rest", "decode", "swell", "say", "rest", "swell"]
    assert [type(event) for event in told if type(event) in NEWS or isinstance(event, TranscriptionFailed)] == [
        TranscriptionFailed, MicrophoneLost,
    ]  # fmt: skip


def test_a_secret_is_neither_read_nor_heard(room: Room, interview: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, theirs = os.openpty()
    monkeypatch.setattr("sys.stdin", open(theirs, encoding="utf-8", closefd=False))  # noqa: SIM115 - a terminal
    monkeypatch.setattr("assistant.app.asking.line_waits", lambda seconds: True)
    echoes = list[bool]()

    def typed() -> str:
        echoes.append(echo(theirs))
        return "mailto://me"

    monkeypatch.setattr("builtins.input", typed)
    secret = Question("Where to?", "", "nowhere", lambda typed: typed, secret=True)
    room.then("no", "<mailto://me>")
    assert interview(secret) == "mailto://me" and echoes == [False] and echo(theirs)
    assert room.said == ["Please type this one. I don't read it aloud.", "Please type this one. Or say later."]
    room.then("I want to die")
    with pytest.raises(PeopleFirst):
        interview(secret)
    assert echo(theirs)
    os.close(shown)
    os.close(theirs)


def echo(terminal: int) -> bool:
    import termios

    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


# In the order of setup ------------------------------------------------------------------------------------------------


class Scripted:
    """An `Ask` that answers every question as usual, and notes which they were."""

    def __init__(self, name: str, order: list[str]) -> None:
        self.name, self.order = name, order

    def __call__(self, question: Question[object]) -> object:
        self.order.append(f"{self.name}: {question.text.splitlines()[0][:16]}")
        return True if question.text.startswith("Shall I read") else question.usual


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which questions are asked, and how; sound is there, and is found without a question."""
    order: list[str] = []

    def sound(name: str) -> object:
        def step(settings: Settings, ask: Ask) -> dict[str, object]:
            order.append(name)
            return {name: "default"}

        return step

    steps = [
        setting_up.Step(step.key, sound(step.key), alone=step.alone)  # type: ignore[arg-type]
        if step.key in setting_up.SOUND or step.alone
        else step
        for step in STEPS
    ]

    def measure(settings: Settings, ask: Ask) -> dict[str, object]:
        order.append("measure")
        return {steps[-1].key: 2}

    steps[-1] = setting_up.Step(steps[-1].key, measure, alone=True)

    @contextmanager
    def aloud(settings: Settings) -> Iterator[Ask]:
        order.append("open")
        yield Scripted("aloud", order)  # type: ignore[misc]
        order.append("close")

    monkeypatch.setattr(setting_up, "STEPS", tuple(steps))
    monkeypatch.setattr(setting_up, "ask", Scripted("typed", order))
    monkeypatch.setattr(setting_up_room, "read_aloud", aloud)
    return order


def test_it_is_offered_once_sound_works_and_silence_is_kept_for_the_measuring(order: list[str]) -> None:
    ask_all(shipped(), None, alone=False)
    assert order[:6] == [
        "typed: Which language s", "typed: Which country ar", "microphone.device", "speaker.device",
        "typed: Shall I read the", "open",
    ]  # fmt: skip
    assert all(row.startswith("aloud: ") for row in order[6:-2]) and order[-2:] == ["close", "measure"]


def test_asked_for_it_begins_with_sound_and_offers_nothing(order: list[str]) -> None:
    ask_all(shipped(), None, alone=False, aloud=True)
    assert order[:4] == ["microphone.device", "speaker.device", "open", "aloud: Which language s"]
    assert not any("Shall I read" in row for row in order) and order[-2:] == ["close", "measure"]


def test_one_question_again_is_asked_as_usual_unless_it_is_to_be_aloud(order: list[str]) -> None:
    ask_all(shipped(), "country", alone=False)
    ask_all(shipped(), "speaker", alone=False)
    ask_all(shipped(), "country", alone=False, aloud=True)
    assert order == [
        "typed: Which country ar", "speaker.device", "open", "aloud: Which country ar", "close",
    ]  # fmt: skip


def test_without_sound_the_questions_go_on_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def none(settings: Settings) -> Iterator[Ask]:
        raise DeviceError("speaker-missing", "There is no speaker.")
        yield ask

    monkeypatch.setattr(setting_up_room, "read_aloud", none)
    with ExitStack() as sound:
        assert asked_aloud(shipped(), sound) is None
    assert capsys.readouterr().out == "There is no speaker. The questions go on here.\n"


def test_a_voice_that_is_not_here_is_told_and_the_questions_are_asked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    silence = tmp_path / "silence.wav"
    with silence.open("wb") as file:
        write_wav(file, Sound(np.zeros(1_600, dtype=np.float32), 16_000))
    given = load_settings(
        [content_root() / "config.yaml"],
        {"speaker.device": "none", "microphone.device": str(silence), "voice.engine": "piper", "voice.id": "nobody"},
    )
    monkeypatch.setattr(setting_up_room, "_line_waits", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: "y")
    with setting_up_room.read_aloud(given) as interview:
        assert ask_patience(given, interview) == {"turn.patient": True}
    told = " ".join(capsys.readouterr().out.split())
    assert library().repertoire.phrases["failures.voice-replaced"][0] in told


def test_what_ended_the_questions_is_the_first_turn_of_a_conversation(
    monkeypatch: pytest.MonkeyPatch, room: Room, interview: Interview
) -> None:
    """By the settings of that moment, with or without a file; with devices named: no demonstration may stand in."""
    ran: list[RunOptions] = []

    @contextmanager
    def aloud(settings: Settings) -> Iterator[Ask]:
        yield interview

    monkeypatch.setattr(setting_up_room, "read_aloud", aloud)
    monkeypatch.setattr("assistant.app.preparing.somebody_there", lambda: True)

    def run(options: RunOptions) -> int:
        ran.append(options)
        return 0

    monkeypatch.setattr("assistant.app.running.run", run)
    given = load_settings([content_root() / "config.yaml"], {"country": "GB"})
    room.then("I want to die")
    assert setup(given, again="patient", aloud=True) == 0
    (options,) = ran
    *begun, heard = options.first
    assert begun == [UserStartedSpeaking(), UserStoppedSpeaking(None)]
    assert isinstance(heard, TranscriptReady) and heard.transcript.text == "I want to die"
    assert (options.mic, options.speaker, options.guest) == ("default", "default", False)
    assert options.settings.country == "GB" and not own_settings_file().exists()


# The screen, typed ----------------------------------------------------------------------------------------------------


def test_typed_danger_shows_people_and_stays_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setting_up_aloud, "build_learned", NGramEstimator)
    monkeypatch.setattr("builtins.input", lambda prompt: "Please come, I want to kill myself")
    given = load_settings([content_root() / "config.yaml"], {"country": "GB"})
    asks = heeding(lambda: given, ask)
    said = Question("What shall it say?", "", "nothing", lambda typed: typed)
    assert asks(said) == "Please come, I want to kill myself"
    assert "Emergency: 999" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda prompt: "Maya")
    assert asks(said) == "Maya" and "Emergency" not in capsys.readouterr().out
