"""How the built-in recogniser treats its own phrases and unrelated speech: `python -m benchmarks.recogniser_rejection`.

Needs espeak-ng. Prints, over four voices, how often a phrase came back right, wrong or not at all, with its trust, and
how often unrelated sentences were taken for a phrase.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from assistant.app.parts import expected_phrases, load_library
from assistant.config import load_settings, settings_files
from assistant.content.root import content_root
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import RATE
from assistant.sound import read_wav, resampled

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


def main() -> None:
    """Speak, hear, count."""
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    phrases = expected_phrases(library)
    recogniser = PocketSphinx(phrases)
    own: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for words, counts in [*((p, own) for p in phrases[::4]), *((u, foreign) for u in UNRELATED)]:
            for voice, speed in VOICES:
                subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(path), words], check=True)
                heard = recogniser.transcribe(resampled(read_wav(path), RATE) * np.float32(0.4))
                right = "right" if heard.text == words else "other"
                counts[f"{heard.trust.value} {right}" if heard.text else "empty"] += 1
    for name, counts in (("its own phrases", own), ("unrelated speech", foreign)):
        total = counts.total()
        shares = ", ".join(f"{what} {count / total:.0%}" for what, count in sorted(counts.items()))
        print(f"{name} ({total}): {shares}")


if __name__ == "__main__":
    main()
