"""`python -m assistant.app.metronome SECONDS`: clicks with written pauses between them, through the real player.

What the bench reads off the recording is then compared with what was written.
"""

from __future__ import annotations

import sys
import threading

import numpy as np

from assistant.core.events import Event, PlaybackFinished
from assistant.core.ids import UtteranceId
from assistant.speaking.output import SpeakerStream, choose_output
from assistant.speaking.player import Part, Player
from assistant.testing.bench import METRONOME_PAUSE_SECONDS

CLICK_SECONDS = 0.05
LATENCY_SECONDS = 0.03


def main() -> None:
    """Click, pause, click, for about so many seconds."""
    seconds = float(sys.argv[1])
    over = threading.Event()

    def watch(event: Event) -> None:
        if isinstance(event, PlaybackFinished):
            over.set()

    choice = choose_output("default")
    player = Player(choice.rate, watch)
    playout = player.play(UtteranceId(1), 0)
    click = np.full(round(CLICK_SECONDS * choice.rate), 0.3, dtype=np.float32)
    laid_out, pause = 0.0, 0.0
    segment = 0
    while laid_out < seconds:
        playout.append(Part(segment, click))
        before = round(pause * choice.rate)
        pause += METRONOME_PAUSE_SECONDS
        playout.append(Part(segment + 1, round(pause * choice.rate) - before))
        segment += 2
        laid_out += CLICK_SECONDS + METRONOME_PAUSE_SECONDS
    playout.append(Part(segment, click))
    playout.finish()
    stream = SpeakerStream(choice, player.fill, LATENCY_SECONDS)
    stream.open()
    over.wait()
    stream.close()


if __name__ == "__main__":
    main()
