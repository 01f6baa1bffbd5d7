"""Assistants by one ruler: `python -m benchmarks.side_by_side --trials 60 --echo none,-20,-12,-6,0`.

Every trial speaks into the microphone of a virtual sound card whose speaker is heard by its microphone at the level
`--echo` (dB against what was played; none: headphones), and is read off the recording: `assistant/testing/ruler.py`
says how. Without `--program` it measures this program, reading a continuous text in place of its exercises, because
over a voice that rests for five seconds between two sentences nobody can say which silence was a stop. Every answer is
given to the program as it is.

A foreign program is any command that speaks for a while by itself through the default device and answers:
`--program 'python their_assistant.py'`. Needs pulseaudio, pulseaudio-utils, libasound2-plugins, espeak-ng and flite.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np

from assistant.content.root import content_root
from assistant.errors import AssistantError
from assistant.sound import Sound
from assistant.testing.measures import percentile
from assistant.testing.noises import NOISES
from assistant.testing.program import Program
from assistant.testing.ruler import (
    Alone,
    Answer,
    Beginning,
    Disturbance,
    Stop,
    alone,
    answer_latency,
    beginnings,
    noise_over_voice,
    stop_over_voice,
)
from assistant.testing.sound_card import SoundCard
from assistant.testing.voices import LEVEL_DB, VOICES, say, say_with_pauses
from assistant.wilson import share

T = TypeVar("T")
Programs: TypeAlias = tuple[Program, Program, Program]

KINDS: Final = ("stop", "noise", "answers", "begin", "self")
NUMBER: Final = "seven"
"""Said to a program that asks for one."""
SHORT: Final = ("yes", "no", NUMBER, "i'm panicking")
"""Whole answers. "Stop" has a trial of its own, and this program answers it with two seconds of silence."""
ANSWERS: Final = (
    *SHORT,
    "i feel really anxious right now",
    "my heart is racing and i cannot calm down",
    "everything is too much today",
)
HALTING: Final = (
    ("i feel", "really anxious right now"),
    ("i don't know", "everything is too much today"),
    ("my heart is racing", "and i cannot calm down"),
)
PAUSES_SECONDS: Final = (0.5, 0.8, 1.1)
READ: Final = (
    "The path goes down along the river and then turns away to the left between two rows of old apple trees.",
    "In the morning the light comes in low over the water and lies on the stones along the other side.",
    "A little further on there is a wooden bridge, and under the bridge the water runs slowly over round brown stones.",
    "Somebody has painted the rails of the bridge green, a long time ago, and in places the wood shows grey again.",
    "Behind the bridge the meadow begins, and the grass in the meadow is as high as the knees of a grown person.",
    "There are blue flowers in it and yellow ones, and over the flowers there are small brown butterflies.",
    "At the far end of the meadow a low wall of loose stones runs all the way up to the edge of the wood.",
)
"""Some 130 words of continuous text without a command in it; said over and over."""
CARD_MS: Final = 20
"""How far ahead the card is played to: half of what sound cards people have take, so that a stop is heard soon."""
TIMES_READ: Final = 24
"""A quarter of an hour: longer than sixty sounds take, as a program that goes on is used for all of them."""
READING_SECONDS: Final = 40.0
"""At least, for all of it."""
BEGINNING_SECONDS: Final = 8.0
"""Of its voice, from its first sound on: twice what a filter takes to learn the room."""


def main() -> None:
    """Measure, print, tell."""
    given = arguments()
    rows: list[dict[str, object]] = []
    with programs(given) as asked:
        for echo in given.echo:
            with SoundCard(CARD_MS, echo) as card:
                print(f"\n{asked[0].name}, echo {'none' if echo is None else f'{echo:g} dB'}", flush=True)
                for kind in given.only:
                    try:
                        row = measured(kind, card, asked, given)
                    except AssistantError as error:
                        print(f"  {kind}: not measured. {error.hint}", flush=True)
                        row = {"failed": error.code}
                    rows.append({"program": asked[0].name, "echo_db": echo, "kind": kind, **row})
    if given.json:
        print(json.dumps(rows, indent=2))


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=60, help="of each kind at each echo")
    parser.add_argument("--echo", type=echoes, default=echoes("none,-20,-12,-6,0"), help="dB, with commas; or none")
    parser.add_argument("--only", type=kinds, default=KINDS, help=f"some of {','.join(KINDS)}")
    parser.add_argument("--level", type=float, default=LEVEL_DB, help="dBFS of the person's words at the microphone")
    parser.add_argument("--seconds", type=float, default=60.0, help="of speaking with nobody there, for `self`")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--settle", type=float, default=0.0, help="seconds of greeting of a foreign program")
    parser.add_argument("--program", help="a command; without one, this program")
    parser.add_argument("--tree", type=Path, default=content_root(), help="another checkout of this program")
    parser.add_argument("--json", action="store_true", help="every trial too, after the tables")
    return parser.parse_args()


def echoes(written: str) -> list[float | None]:
    """`none,-20,0`."""
    return [None if part == "none" else float(part) for part in written.split(",")]


def kinds(written: str) -> tuple[str, ...]:
    """`stop,self`."""
    if unknown := set(written.split(",")) - set(KINDS):
        raise argparse.ArgumentTypeError(f"there is no {unknown.pop()}; there are {', '.join(KINDS)}")
    return tuple(written.split(","))


@contextmanager
def programs(given: argparse.Namespace) -> Iterator[Programs]:
    """The program for trials over its voice, the one that is spoken to, and the one that asks for a number."""
    if given.program:
        foreign = Program(given.program, tuple(shlex.split(given.program)), settle_seconds=given.settle)
        yield foreign, foreign, foreign
        return
    begins, ends = (sys.executable, "-m", "assistant"), ("--country", "GB", "--events", "{events}")
    command = (*begins, "run", *ends)
    with tempfile.TemporaryDirectory(prefix="grounding-ruler-") as folder:
        plain, reading = Path(folder) / "plain", Path(folder) / "reading"
        copy_of(given.tree, plain)
        reading_tree(plain, reading, max(TIMES_READ, round(given.seconds / READING_SECONDS) + 1))
        own = {"PYTHONPATH": ""}
        yield (
            Program("grounding", command, own, reading, settle_seconds=3.0),
            Program("grounding", command, own, plain),
            Program("grounding", (*begins, "checkin", "number", *ends), own, plain),
        )


def copy_of(tree: Path, folder: Path) -> None:
    """The program as it is now, whatever happens to its checkout while it is measured."""
    for copied in ("assistant", "audio", "scripts"):
        shutil.copytree(tree / copied, folder / copied, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tree / "config.yaml", folder)


def reading_tree(plain: Path, folder: Path, times: int = TIMES_READ) -> None:
    """The same program with other words: it starts to read after two seconds, and goes on for minutes."""
    folder.mkdir()
    for linked in ("assistant", "audio"):
        (folder / linked).symlink_to(plain / linked)
    shutil.copytree(plain / "scripts", folder / "scripts")
    settings = (plain / "config.yaml").read_text(encoding="utf-8")
    settings = re.sub(r"(opening_silence_seconds): \d+", r"\1: 2", settings)
    (folder / "config.yaml").write_text(settings, encoding="utf-8")
    steps = "".join(
        f"  - {{id: read-{number}, say: [{json.dumps(line)}], gap: 0.2}}\n" for number, line in enumerate(READ * times)
    )
    for exercise in (folder / "scripts" / "en" / "exercises").glob("*.yaml"):
        before, _, _ = exercise.read_text(encoding="utf-8").partition("\nsteps:\n")
        exercise.write_text(f"{before}\nsteps:\n{steps}", encoding="utf-8")
    phrases = folder / "scripts" / "en" / "phrases.yaml"
    text = phrases.read_text(encoding="utf-8")
    text = re.sub(r"(\n  hello:\n)(    - .*\n)+", r'\1    - "Hello."\n', text)
    phrases.write_text(
        re.sub(r"(\n  quiet:\n)(    - .*\n)+", r'\1    - "I will read to you."\n', text), encoding="utf-8"
    )


def measured(kind: str, card: SoundCard, asked: Programs, given: argparse.Namespace) -> dict[str, object]:
    """One kind of trial: run, tabled, and as JSON."""
    reader, answerer, counter = asked
    rng = np.random.default_rng(given.seed)
    match kind:
        case "stop":
            words = [(str(voice), say(voice, "stop", level_db=given.level)) for voice in cycled(VOICES, given.trials)]
            stops = list(counted(stop_over_voice(card, reader, words, rng), len(words), kind))
            return table_of_stops(stops)
        case "noise":
            names = cycled([name for name in NOISES if name != "keyboard"], given.trials)
            noises = [(name, NOISES[name](rng)) for name in names]
            return table_of_noises(list(counted(noise_over_voice(card, reader, noises, rng), len(noises), kind)))
        case "answers":
            spoken = things_to_say(given.trials, given.level)
            answers = (
                answer
                for words, sound in spoken
                for answer in answer_latency(card, counter if words == NUMBER else answerer, [(words, sound)])
            )
            return table_of_answers(list(counted(answers, len(spoken), kind)))
        case "begin":
            began = beginnings(card, reader, given.trials, BEGINNING_SECONDS)
            return table_of_beginnings(list(counted(began, given.trials, kind)))
        case _:
            return table_of_alone(alone(card, reader, given.seconds))


def things_to_say(trials: int, level_db: float) -> list[tuple[str, Sound]]:
    """Half of them short answers and sentences, half sentences with a pause inside."""
    spoken = []
    for index, voice in enumerate(cycled(VOICES, trials)):
        # One further with every round of the voices: else each would say the same words every time.
        at = index // 2 + index // len(VOICES)
        if index % 2 == 0:
            words = ANSWERS[at % len(ANSWERS)]
            spoken.append((words, say(voice, words, level_db=level_db)))
        else:
            pause = PAUSES_SECONDS[at % len(PAUSES_SECONDS)]
            parts = HALTING[at // len(PAUSES_SECONDS) % len(HALTING)]
            sound, _ = say_with_pauses(voice, parts, pause, level_db=level_db)
            spoken.append((f"... {pause:g} s ...", sound))
    return spoken


def table_of_stops(stops: Sequence[Stop]) -> dict[str, object]:
    """How often it stopped, and how soon."""
    stopped = [stop for stop in stops if stop.stopped]
    print(f"  stopped                     {share(len(stopped), len(stops))}")
    print(f"  to -20 dB                   {spread(stop.to_quiet for stop in stopped)}")
    print(f"  to silence                  {spread(stop.to_silence for stop in stopped)}")
    missed = sorted(stop.label for stop in stops if not stop.stopped)
    print(f"  not stopped by              {', '.join(missed) or 'nobody'}")
    return {"stopped": len(stopped), "of": len(stops), "trials": [asdict(stop) for stop in stops]}


def table_of_noises(heard: Sequence[Disturbance]) -> dict[str, object]:
    """How often it went on."""
    went_on = [one for one in heard if one.went_on]
    print(f"  went on over noises         {share(len(went_on), len(heard))}")
    print(f"  back at full level after    {spread(one.back_after for one in went_on)}")
    failed = sorted(one.label for one in heard if not one.went_on)
    print(f"  did not go on over          {', '.join(failed) or 'nothing'}")
    return {"went_on": len(went_on), "of": len(heard), "trials": [asdict(one) for one in heard]}


def table_of_answers(answers: Sequence[Answer]) -> dict[str, object]:
    """How soon it answered, and how often it broke in."""
    plain = [answer for answer in answers if not answer.label.startswith("...")]
    halting = [answer for answer in answers if answer.label.startswith("...")]
    print(f"  answered                    {share(sum(one.latency is not None for one in answers), len(answers))}")
    groups = {
        "short answers": [one for one in plain if one.label in SHORT],
        "sentences": [one for one in plain if one.label not in SHORT],
        "with a pause": halting,
    }
    for name, some in groups.items():
        print(f"  end of {name:14} to answer {spread(one.latency for one in some if not one.cut)}")
    for label in sorted({one.label for one in halting}):
        here = [one for one in halting if one.label == label]
        print(f"  broke into a pause {label:12}{share(sum(one.cut for one in here), len(here))}")
    return {"answers": [asdict(one) for one in answers]}


def table_of_beginnings(began: Sequence[Beginning]) -> dict[str, object]:
    """How often it heard itself before it knew the room."""
    clean = [one for one in began if not one.reported]
    print(f"  began without hearing itself {share(len(clean), len(began))}")
    return {"clean": len(clean), "of": len(began), "trials": [asdict(one) for one in began]}


def table_of_alone(one: Alone) -> dict[str, object]:
    """What it did to itself."""
    reported = ", ".join(
        f"{kind} {len(moments)}{''.join(f' at {moment} s' for moment in moments)}"
        for kind, moments in one.reported.items()
    )
    sounds = f"sounds {one.share:.0%} of it, {one.dips} dips"
    print(f"  alone for {one.seconds:4.0f} s            {sounds}; {reported or 'nothing'}")
    return asdict(one)


def spread(values: Iterable[float | None]) -> str:
    """Median and 95th percentile."""
    known = [value for value in values if value is not None]
    if not known:
        return "none to count"
    return f"median {percentile(known, 50):.3f} s, p95 {percentile(known, 95):.3f} s"


def cycled(items: Sequence[T], count: int) -> list[T]:
    """So many of them, in turn."""
    return [items[index % len(items)] for index in range(count)]


def counted(results: Iterable[T], total: int, kind: str) -> Iterator[T]:
    """With a line of progress on stderr."""
    for number, result in enumerate(results, 1):
        print(
            f"\r{kind} {number} of {total}  {getattr(result, 'label', '')}\x1b[K", end="", file=sys.stderr, flush=True
        )
        yield result
    print("\r\x1b[K", end="", file=sys.stderr)


if __name__ == "__main__":
    main()
