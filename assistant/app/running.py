"""`grounding run`: real sound, sound files, or, where there is no sound at all, the demonstration. A check-in or a flow
is typed there.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from assistant.app.parts import known_check_in, known_flow, load_library
from assistant.app.remembering import recalled
from assistant.content.library import Library
from assistant.core.commands import EndReason
from assistant.devices import Direction, find_device
from assistant.errors import DeviceError, UsageError
from assistant.hearing.choose import known_recogniser
from assistant.runtime.captions import Captions
from assistant.runtime.page_file import check_place
from assistant.runtime.service_log import ServiceLog
from assistant.settings import RunOptions
from assistant.sound import read_wav


def run(options: RunOptions) -> int:
    """Choose the way, and go it."""
    known_recogniser(options.stt or options.settings.speech_to_text.engine)
    mic = options.mic or str(options.settings.microphone.device)
    speaker = options.speaker or str(options.settings.speaker.device)
    _check_files(mic, speaker)
    library = load_library(options.settings)
    if options.check_in is not None:
        known_check_in(library, options.check_in)
    if options.flow is not None:
        known_flow(library, options.flow)
    if options.page is not None:
        check_place(options.page)
    if options.service:
        captions: Captions = ServiceLog(sys.stdout, library.repertoire.phrases)
    else:
        captions = Captions(sys.stdout, library.repertoire.phrases, said=options.settings.captions)
    options, of_memory = recalled(options)
    notices = (*library.notices, *of_memory)
    for notice in notices:
        captions.line(notice.text, "33")
    told = tuple(notice.code for notice in notices if f"failures.{notice.code}" in library.repertoire.phrases)
    options = replace(options, troubles=(*options.troubles, *told))
    # A service waits for sound, as at the start of the machine there is none yet.
    asked = options.mic is not None or options.speaker is not None or options.service
    silent = not asked and not _sound_here(captions)
    if silent and (options.check_in is not None or options.flow is not None):
        options, silent = replace(options, mic="none", speaker="none"), False
        mic = speaker = "none"
    if options.wait:
        _check_waiting(options, library, captions, silent=silent or _on_files(mic, speaker))
    if silent:
        reason = _demonstrate(options, library, captions)
    elif _on_files(mic, speaker) and not options.realtime:
        from assistant.app.files import run_with_files

        reason = run_with_files(options, library, captions, mic, speaker)
    else:
        from assistant.app.live import run_live

        missed: set[str] = set()
        if not options.service:  # that one waits for the device of this name
            mic, speaker = _device(mic, "input", captions, missed), _device(speaker, "output", captions, missed)
        reason = run_live(options, library, captions, mic, speaker, told=missed)
    return 1 if reason is EndReason.FAILED else 0


def _check_waiting(options: RunOptions, library: Library, captions: Captions, *, silent: bool) -> None:
    """Raises UsageError where nobody could speak to it. A reminder for a check-in that there is none of is told."""
    if silent:
        raise UsageError(
            "nobody-to-wait-for",
            "--wait waits for somebody at a microphone, or at a terminal with --mic none; here is neither.",
        )
    for reminder in options.settings.reminders.schedule(options.settings.check_in).reminders:
        try:
            known_check_in(library, reminder.check_in)
        except UsageError as error:
            captions.line(f"{error.hint} Your usual one comes instead.", "33")


def _check_files(mic: str, speaker: str) -> None:
    """Before anything is said or written. Raises DeviceError for a recording that cannot be heard, and UsageError where
    the answer would be written over it.
    """
    if not is_sound_file(mic):
        return
    read_wav(Path(mic))
    if is_sound_file(speaker) and Path(speaker).exists() and Path(speaker).samefile(mic):
        raise UsageError(
            "same-file", f"--speaker {speaker} would be written over what --mic hears; name another file for one."
        )


def is_sound_file(name: str) -> bool:
    """Whether a microphone or speaker is a file."""
    return name.lower().endswith(".wav")


def _on_files(mic: str, speaker: str) -> bool:
    """Whether no person and no device is waiting, so that time may jump."""
    typed_by_a_person = mic == "none" and sys.stdin is not None and sys.stdin.isatty()
    return (
        (is_sound_file(mic) or mic == "none")
        and not typed_by_a_person
        and (is_sound_file(speaker) or speaker == "none")
    )


def _device(name: str, direction: Direction, captions: Captions, told: set[str]) -> str:
    """As named; `default`, and a word about it, when no device has that name: a wrong name is no reason for silence.
    `told` gets the code of what was said.
    """
    if name in ("none", "default") or is_sound_file(name):
        return name
    try:
        find_device(name, direction)
    except DeviceError as error:
        captions.line(error.hint, "33")
        told.add(error.code)
        return "default"
    return name


def _sound_here(captions: Captions) -> bool:
    """Whether there are both a microphone and a speaker; says what is missing."""
    directions: tuple[Direction, ...] = ("input", "output")
    for direction in directions:
        try:
            find_device("default", direction)
        except DeviceError as error:
            captions.line(error.hint, "33")
            return False
    return True


def _demonstrate(options: RunOptions, library: Library, captions: Captions) -> EndReason:
    """A recorded plea through the real recogniser, screen and voice; the answer goes into a sound file."""
    from assistant.app.files import run_with_files

    captions.failure("no-sound")
    descriptor, answer = tempfile.mkstemp(".wav", "grounding-demonstration-")
    os.close(descriptor)
    plea = library.root / "audio" / "demo-panic.wav"
    reason = run_with_files(replace(options, realtime=False, guest=True), library, captions, str(plea), answer)
    captions.line(f"{' '.join(library.repertoire.phrases['screen.answer_file'])} {answer}", "1")
    return reason
