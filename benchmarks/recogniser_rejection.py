"""How the built-in recogniser treats its own phrases and unrelated speech: `python -m benchmarks.recogniser_rejection`.

Needs espeak-ng. Prints, over four voices, how often a phrase came back right, wrong or not at all, with its trust, how
often unrelated sentences and sounds without words (coughs, sobs and the like, cut off and whole) were taken for a
phrase, and how long decoding kept the rest of the program waiting.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.app.lines import expected_phrases
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import RATE
from assistant.settings_files import settings_files
from assistant.sound import read_wav, resampled
from assistant.testing.noises import NOISES

VOICES = (("en-us", 135), ("en-gb", 150), ("en-us+f3", 160), ("en-gb+m3", 140))
UNRELATED = (
    "the quarterly report is due on thursday",
    "we bought a new dishwasher last week",
    "the train to leeds leaves at noon",
    "my cousin plays the violin in an orchestra",
    "could you pass me the salad dressing",
    "they painted the fence dark green",
    "the committee will vote on the proposal tomorrow",
    "our neighbour has three large dogs",
    "i prefer tea with a little milk",
    "the printer is out of paper",
    "turn left after the petrol station",
    "the museum opens at half past nine",
    "tomatoes grow well in warm weather",
    "the bakery sells wonderful rye bread",
    "put the glasses on the top shelf",
)


SEEDS, CUT_SECONDS = 12, (0.8, 9.0)
"""Of each sound without words; a guess in a pause hears only its beginning."""
BEFORE, AFTER = 0.4, 0.2
"""Seconds of quiet that a turn brings with it: the pre-roll, and the pause in which it is decoded."""


class Waiting:
    """A thread that wants to run every two milliseconds, as the speaker's does every ten."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        before = time.perf_counter()
        while not self._over.wait(0.002):
            now = time.perf_counter()
            self.longest_s = max(self.longest_s, now - before)
            before = now


def turn(path: Path) -> NDArray[np.float32]:
    """As the listener would hand it over."""
    return in_quiet(resampled(read_wav(path), RATE) * np.float32(0.4))


def in_quiet(said: NDArray[np.float32]) -> NDArray[np.float32]:
    """With the room before it and after it."""
    quiet = [np.zeros(int(seconds * RATE), dtype=np.float32) for seconds in (BEFORE, AFTER)]
    return np.concatenate([quiet[0], said, quiet[1]])


def main() -> None:
    """Speak, hear, count."""
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    phrases = expected_phrases(library)
    recogniser = PocketSphinx(phrases)
    own: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    recogniser.warm_up()
    longest_s = spent_s = sound_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for words, counts in [*((p, own) for p in phrases[::4]), *((u, foreign) for u in UNRELATED)]:
            for voice, speed in VOICES:
                subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(path), words], check=True)
                samples = turn(path)
                begun = time.perf_counter()
                with Waiting() as waiting:
                    heard = recogniser.transcribe(samples)
                spent_s += time.perf_counter() - begun
                sound_s += len(samples) / RATE
                longest_s = max(longest_s, waiting.longest_s)
                right = "right" if heard.text == words else "other"
                counts[f"{heard.trust.value} {right}" if heard.text else "empty"] += 1
    wordless: dict[str, Counter[str]] = {name: Counter() for name in NOISES}
    for name, counts in wordless.items():
        for seed in range(SEEDS):
            sound = resampled(NOISES[name](np.random.default_rng(seed)), RATE)
            for seconds in CUT_SECONDS:
                heard = recogniser.transcribe(in_quiet(sound[: int(seconds * RATE)]))
                counts[heard.trust.value] += 1
    for name, counts in {"its own phrases": own, "unrelated speech": foreign, **wordless}.items():
        total = counts.total()
        shares = ", ".join(f"{what} {count / total:.0%}" for what, count in sorted(counts.items()))
        print(f"{name} ({total}): {shares}")
    print(
        f"{spent_s / sound_s:.3f} s of work a second of sound; another thread waited {1000 * longest_s:.0f} ms at most"
    )


if __name__ == "__main__":
    main()
