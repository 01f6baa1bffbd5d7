"""The conversation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.given import add_country, add_language, add_plain, code_of, remaining_settings_of
from assistant.errors import StoreError, UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings

HELP = "listen, and guide through a grounding exercise (this is what 'grounding' alone does)"
EXAMPLE = (
    "grounding run --country GB\n"
    "grounding run --mic none                  # without a microphone\n"
    "grounding run --push-to-talk              # heard only when you press space"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "--wait", action="store_true", help="wait in silence to be spoken to, and for the times of your reminders"
    )
    parser.add_argument(
        "--service", action="store_true",
        help="as the service runs it: wait, also for devices; print no word that is said; tell systemd how it is",
    )  # fmt: skip
    parser.add_argument("--log", metavar="FILE", type=Path, help="with --service: append what it prints to a file")
    add_conversation(parser)


def add_conversation(parser: argparse.ArgumentParser) -> None:
    """The options of every command that holds a conversation."""
    parser.add_argument("--mic", metavar="DEVICE", help="microphone, FILE.wav, or 'none' to type")
    parser.add_argument("--speaker", metavar="DEVICE", help="speaker, FILE.wav, or 'none' to read")
    parser.add_argument(
        "--push-to-talk", action="store_true", help="listen only from one press of the space bar to the next"
    )
    add_country(parser)
    add_language(parser)
    add_plain(parser)
    parser.add_argument("--stt", metavar="ENGINE", help="what turns speech into text")
    parser.add_argument("--tts", metavar="ENGINE", help="what speaks")
    parser.add_argument("--events", metavar="FILE.jsonl", type=Path, help="append what happens, one JSON object a line")
    parser.add_argument("--with-words", action="store_true", help="let --events hold what was said; private")
    parser.add_argument(
        "--guest", action="store_true", help="leave nothing behind: no file is written but those you name"
    )
    parser.add_argument("--realtime", action="store_true", help="play WAV files on the real clock")


def run(arguments: argparse.Namespace) -> int:
    """Hold the conversation."""
    if arguments.log is not None:
        if not arguments.service:
            raise UsageError("log-without-service", "--log is for --service, which prints no words; leave it out.")
        _print_to(arguments.log)
    return converse(arguments)


def converse(
    arguments: argparse.Namespace,
    check_in: Callable[[Settings], str] | None = None,
    flow: str | None = None,
    page: Path | None = None,
) -> int:
    """A conversation with these options; `check_in`, `flow`: what it begins with. `page`: the file for a flow's words.

    A mistake in the person's settings is told, and keeps nobody from help.
    """
    from assistant import app
    from assistant.settings import RunOptions

    if arguments.with_words and arguments.events is None:
        raise UsageError("words-nowhere", "--with-words is for --events FILE.jsonl: add that, or leave it out.")
    if arguments.push_to_talk:
        _check_space_bar(arguments.mic)
    settings, mistake = remaining_settings_of(arguments)
    code = app.run(
        RunOptions(
            mic=arguments.mic,
            speaker=arguments.speaker,
            stt=arguments.stt,
            tts=arguments.tts,
            events=arguments.events,
            with_words=arguments.with_words,
            realtime=arguments.realtime,
            settings=settings,
            guest=arguments.guest,
            troubles=(mistake.code,) if mistake else (),
            check_in=check_in(settings) if check_in is not None else None,
            flow=flow,
            page=page,
            wait=getattr(arguments, "wait", False) or getattr(arguments, "service", False),
            service=getattr(arguments, "service", False),
        )
    )
    return code_of(mistake, code)


LOG_BYTES = 1_000_000
"""A longer log begins anew; a line is some eighty."""


def _print_to(log: Path) -> None:
    """For systems that keep no log of what a service prints. Raises StoreError."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        long = log.is_file() and log.stat().st_size > LOG_BYTES
        sys.stdout = sys.stderr = log.open("w" if long else "a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise StoreError("log-unwritable", f"{log} cannot be written ({error.strerror}).") from None


def _check_space_bar(mic: str | None) -> None:
    """Raises UsageError where nobody could press it, or nothing would be opened by it."""
    from assistant.runtime.keys import has_space_bar

    if mic is not None and (mic == "none" or mic.lower().endswith(".wav")):
        raise UsageError(
            "no-push-to-talk", f"--push-to-talk opens a microphone, and --mic {mic} is none; leave one out."
        )
    if not has_space_bar():
        raise UsageError(
            "no-push-to-talk", "--push-to-talk needs a terminal with a space bar; start it in one, or leave it out."
        )
