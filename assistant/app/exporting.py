"""One exercise as text with times: a transcript to read, WebVTT captions for its sound, SSML for other voices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.content.gates.timing import segment_seconds
from assistant.core.timeline import Chime, Pause, Recorded, Segment, Speech, Tone

LONGEST_BREAK = 5.0
"""Seconds: what the large cloud voices take in one break at most (content.md, finding 5)."""
Lasting = Callable[[Segment], float]
"""How many seconds a segment takes."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is heard from `start` to `end`, in seconds."""

    start: float
    end: float
    segment: Segment


def cues(segments: Iterable[Segment], lasting: Lasting = segment_seconds) -> Iterator[Cue]:
    """One a segment, end to end."""
    now = 0.0
    for segment in segments:
        seconds = lasting(segment)
        yield Cue(now, now + seconds, segment)
        now += seconds


def transcript(segments: Iterable[Segment]) -> Iterator[str]:
    """A line for all that is heard, with the time it begins, and the rests between."""
    for cue in cues(segments):
        length = cue.end - cue.start
        match cue.segment:
            case Speech(text, pace, gain_db):
                manner = f"  ({pace:.0%} pace, {gain_db:+.1f} dB)" if (pace, gain_db) != (1.0, 0.0) else ""
                yield f"{_clock(cue.start)}  {text}{manner}"
            case Recorded(_, text):
                yield f"{_clock(cue.start)}  {text}"
            case Tone(name, _):
                yield f"{_clock(cue.start)}  [{name.value.replace('_', ' ')}, {length:g} s]"
            case Chime(name):
                yield f"{_clock(cue.start)}  [chime: {name}]"
            case Pause(seconds) if seconds >= 2.0:
                yield f"{_clock(cue.start)}  [{seconds:.1f} s of quiet]"


def webvtt(segments: Iterable[Segment], lasting: Lasting) -> str:
    """Captions as browsers and players read them."""
    shown = (
        f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{escape(cue.segment.text)}\n"
        for cue in cues(segments, lasting)
        if isinstance(cue.segment, Speech | Recorded)
    )
    return "WEBVTT\n\n" + "\n".join(shown)


def ssml(segments: Iterable[Segment], language: str) -> str:
    """For voices that take it. Tones become rests, as markup has no breath cues."""
    lines = [f'<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="{language}">']
    for segment in segments:
        match segment:
            case Speech(text, pace, gain_db):
                lines.append(f'  <prosody rate="{pace:.0%}" volume="{gain_db + 0.0:+.1f}dB">{escape(text)}</prosody>')
            case Recorded(_, text):
                lines.append(f"  {escape(text)}")
            case Pause(seconds) | Tone(_, seconds):
                whole, rest = divmod(round(seconds * 1000), round(LONGEST_BREAK * 1000))
                lines += [f'  <break time="{LONGEST_BREAK * 1000:.0f}ms"/>'] * whole
                lines += [f'  <break time="{rest}ms"/>'] * (rest > 0)
    return "\n".join([*lines, "</speak>", ""])


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
