"""How surely it is woken, and by what else: `python -m benchmarks.waking [--voices N]`, ten minutes for all.

Synthetic voices (espeak-ng and flite, Debian packages) call it in a quiet room and in noise; then they talk about
other things, and there are coughs, doors and typing. All of it goes through the real listener, the built-in recogniser,
the screen and the waiting scene; wake words through their own networks, block by block. Voices are not people, and
these are far more alike than people are: the figures compare the ways, and promise nothing about a room.

Prints, for each way, how many calls woke it, how often anything else did, and what an hour of such sound would bring.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_conversation, build_listener, build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.events import TranscriptReady, UserStartedSpeaking, UserStoppedSpeaking
from assistant.core.waking import Wake
from assistant.errors import AssistantError
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.wake_word import MicroWakeWord
from assistant.safety.transcript import Transcript
from assistant.sound import Sound, resampled
from assistant.testing.noises import NOISES, room_noise
from assistant.testing.voices import VOICES, Voice, say
from assistant.understanding.learned import LearnedScreen
from benchmarks.recogniser_rejection import UNRELATED

CALLS = ("hello grounding", "hey grounding", "okay grounding")
GREETINGS = ("hello", "are you there", "i want to talk")
WORDS = {"okay_nabu": "okay nabu", "hey_jarvis": "hey jarvis", "hey_mycroft": "hey mycroft", "alexa": "alexa"}
NEAR = (
    "hello granny",
    "hey, the ground is wet",
    "okay, I know",
    "hey Travis",
    "are you going",
    "a lecture",
    "ok now boil it",
)
"""What sounds a little like a call."""
QUIET_DB = -60.0
ROOMS = {"quiet": QUIET_DB, "noise 20 dB below": -46.0, "noise 10 dB below": -36.0}
"""RMS of the room, dBFS, and what that is against the voice: a fan at the other end, a kitchen."""
BEFORE, AFTER = 1.5, 1.8
"""Seconds of the room around what is said: the listener learns its noise, and a turn has time to end."""
BLOCK = 1600


@dataclass
class Count:
    """Of one way."""

    calls: int = 0
    woken: int = 0
    false: int = 0
    seconds: float = 0.0
    spent: float = 0.0
    """Processor seconds, of wake words."""
    by: set[str] = field(default_factory=set)


def in_room(sound: Sound, noise_db: float, seed: int) -> NDArray[float32]:
    """At 16 kHz, with the room before, under and after it."""
    said = resampled(sound, RATE)
    padded = np.pad(said, (round(BEFORE * RATE), round(AFTER * RATE)))
    room = resampled(room_noise(len(padded) / RATE + 0.1, noise_db, np.random.default_rng(seed)), RATE)
    return (padded + room[: len(padded)]).astype(float32)


class Room:
    """Listener, recogniser, screen and the scene that waits."""

    def __init__(self) -> None:
        self._settings = load_settings([content_root() / "config.yaml"], {"country": "GB"})
        self._library = load_library(self._settings)
        self._recogniser: Recogniser = build_recogniser(self._library, self._settings, "pocketsphinx")
        self._learned = LearnedScreen()
        self._learned.load()

    def heard(self, samples: NDArray[float32]) -> list[Transcript]:
        """What the turns in it were understood as."""
        listener = build_listener(self._settings)
        found: list[Transcript] = []
        for start in range(0, len(samples), BLOCK):
            for event in listener.feed(samples[start : start + BLOCK]):
                if isinstance(event, UserStoppedSpeaking) and event.audio_id is not None:
                    found.append(self._recogniser.transcribe(listener.audio(event.audio_id)))
        return found

    def wakes(self, heard: Iterable[Transcript], wake: Wake) -> bool:
        """Whether any of these ends the waiting."""
        for transcript in heard:
            conversation = build_conversation(
                self._library, self._settings, typed=False, learned=self._learned, wake=wake
            )
            conversation.start(0.0)
            conversation.receive(UserStartedSpeaking(), 1.0)
            conversation.receive(UserStoppedSpeaking(None), 2.0)
            conversation.receive(TranscriptReady(None, transcript), 2.0)
            if conversation.scene != "waiting":
                return True
        return False


def spots(word: str, samples: NDArray[float32], count: Count) -> bool:
    """Whether this wake word is heard in it; a fresh network, as after a long silence."""
    network = MicroWakeWord(word)
    began = time.process_time()
    heard = [network.feed(samples[start : start + BLOCK]) for start in range(0, len(samples), BLOCK)]
    count.spent += time.process_time() - began
    count.seconds += len(samples) / RATE
    return any(heard)


def main() -> None:
    """The tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", type=int, default=len(set(VOICES)))
    options = parser.parse_args()
    voices = list(dict.fromkeys(VOICES))[: options.voices]
    room, counts = Room(), dict[str, Count]()

    def count(name: str) -> Count:
        return counts.setdefault(name, Count())

    def called(name: str, said: Iterable[str], wakes: Callable[[NDArray[float32]], bool]) -> None:
        for noise, db in ROOMS.items():
            row = count(f"{name}, {noise}")
            for number, voice in enumerate(voices):
                for words in said:
                    row.calls += 1
                    row.woken += wakes(in_room(say(voice, words), db, number))

    called("phrase: by name", CALLS, lambda samples: room.wakes(room.heard(samples), Wake.PHRASE))
    called("speech: a greeting", GREETINGS, lambda samples: room.wakes(room.heard(samples), Wake.SPEECH))
    spent = Count()
    known = []
    for word, words in WORDS.items():
        try:
            called(f"word: {word}", [words], lambda samples, word=word: spots(word, samples, spent))  # type: ignore[misc]
            known.append(word)
        except AssistantError as error:
            print(f"{word}: {error.hint}")
            break
    others = list(_others(voices))
    seconds = sum(len(samples) for _, samples in others) / RATE
    for name, samples in others:
        heard = room.heard(samples)
        for way in (Wake.PHRASE, Wake.SPEECH, Wake.ALWAYS):
            if room.wakes(heard, way):
                count(f"{way}, other sound").false += 1
                count(f"{way}, other sound").by.add(name)
        for word in known:
            if spots(word, samples, spent):
                count(f"word {word}, other sound").false += 1
                count(f"word {word}, other sound").by.add(name)
    print(f"{len(voices)} voices; other sound: {len(others)} turns, {seconds / 60:.0f} minutes\n")
    print("| way | calls | woken | share |\n|---|---|---|---|")
    for name, row in counts.items():
        if row.calls:
            print(f"| {name} | {row.calls} | {row.woken} | {100 * row.woken / row.calls:.0f} % |")
    print("\n| way | woken by other sound | an hour of it | by |\n|---|---|---|---|")
    for name in (Wake.PHRASE, Wake.SPEECH, Wake.ALWAYS, *(f"word {word}" for word in known)):
        row = count(f"{name}, other sound")
        shown = ", ".join(sorted(row.by)[:4]) + (", ..." if len(row.by) > 4 else "")
        print(f"| {name} | {row.false} of {len(others)} | {row.false / seconds * 3600:.0f} | {shown} |")
    if spent.seconds:
        print(f"\na second of sound takes a wake word {spent.spent / spent.seconds * 1000:.1f} ms of one core")


def _others(voices: list[Voice]) -> Iterable[tuple[str, NDArray[float32]]]:
    rng = np.random.default_rng(7)
    for number, voice in enumerate(voices):
        for words in (*UNRELATED, *NEAR):
            yield words, in_room(say(voice, words), QUIET_DB, number)
    for name, make in NOISES.items():
        for number in range(10):
            yield name, in_room(make(rng), QUIET_DB, number)


if __name__ == "__main__":
    main()
