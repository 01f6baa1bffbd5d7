"""What the recogniser makes of sound files; or, without one, what the microphone hears now, as a level."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.given import add_language, settings_of
from assistant.cli.output import Style, add_json, print_json, styled
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.app.levels import Level
    from assistant.settings import Settings

HELP = "write down what is said in WAV files; without one, show the microphone's level"
EXAMPLE = (
    "grounding hear help.wav --json\n"
    "grounding hear                            # the level of the microphone\n"
    "grounding hear --live --json --seconds 5"
)

BAR = 30
LOWEST_DB = -90.0
"""dBFS at the left end of the bar."""
LONGEST_SECONDS = 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("files", metavar="FILE.wav", nargs="*", type=Path)
    parser.add_argument("--live", action="store_true", help="show the microphone's level, and record nothing")
    parser.add_argument("--seconds", metavar="N", type=float, help="end --live after so many; without it, Ctrl-C does")
    add_language(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Transcribe each file, or show levels."""
    from assistant import app

    live = arguments.live or not arguments.files
    _check(arguments, live=live)
    settings = settings_of(arguments)
    if live:
        return _live(settings, arguments.seconds, json=arguments.json)
    heard = app.hear(arguments.files, settings)
    if arguments.json:
        print_json(heard)
        return 0
    for row in heard:
        print(f"{row['file']}: {row['text'] or '(no words)'} ({row['trust']}, {row['engine']})")
    return 0


def _check(arguments: argparse.Namespace, *, live: bool) -> None:
    """Raises UsageError for what does not go together."""
    seconds = arguments.seconds
    if live and arguments.files:
        raise UsageError("hear-what", "--live shows the microphone, and you named a file; leave one of them out.")
    if seconds is not None and not live:
        raise UsageError("hear-what", "--seconds is for --live; a file is heard to its end.")
    if seconds is not None and not 0.0 < seconds <= LONGEST_SECONDS:
        raise UsageError("hear-seconds", f"--seconds {seconds:g} cannot be; write 0.5 to {LONGEST_SECONDS:.0f}.")
    if live and arguments.json and seconds is None:
        raise UsageError("hear-seconds", "--json prints one value at the end; say when that is: --seconds 5.")
    if live and not arguments.json and not sys.stdout.isatty():
        raise UsageError(
            "hear-no-terminal",
            "the level is shown on a terminal, and this is none; name a WAV file, or add: --live --json --seconds 5.",
        )


def _live(settings: Settings, seconds: float | None, *, json: bool) -> int:
    from assistant import app

    if json:
        print_json(app.watch_levels(settings, seconds, lambda level: None))
        return 0
    print(styled("Nothing is recorded. Ctrl-C ends it.", Style.FAINT))
    try:
        app.watch_levels(settings, seconds, _show)
    except KeyboardInterrupt:
        pass
    finally:
        print()
    return 0


def _show(level: Level) -> None:
    print(f"\r{row(level)}\033[K", end="", flush=True)


def row(level: Level) -> str:
    """A bar, and what it means; under 80 columns."""
    share = (min(level.level_db, 0.0) - LOWEST_DB) / -LOWEST_DB
    bar = "#" * min(max(math.ceil(share * BAR), 0), BAR)
    said = styled("speech", Style.GOOD) if level.speech else styled("quiet", Style.FAINT)
    numbers = f"{level.level_db:4.0f} dBFS  noise {level.noise_db:4.0f}  voice {level.probability:.2f}"
    return f"[{bar:<{BAR}}] {numbers}  {said}"
