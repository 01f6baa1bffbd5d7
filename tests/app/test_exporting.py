"""An exercise as text: with its times, as captions for its sound, and for other voices."""

from __future__ import annotations

from xml.etree import ElementTree

from assistant.app.exporting import cues, ssml, transcript, webvtt
from assistant.core.timeline import Chime, Pause, Segment, Speech, Tone, ToneName

EXERCISE: tuple[Segment, ...] = (
    Speech("Notice your feet & the floor."),
    Pause(1.0),
    Speech("And out.", 0.9, -4.0),
    Tone(ToneName.BREATHE_OUT, 5.0),
    Pause(12.0),
    Chime("end"),
)


def a_second_each(segment: Segment) -> float:
    return segment.seconds if isinstance(segment, Pause | Tone) else 1.0


def test_the_transcript_has_the_time_of_all_that_is_heard_and_of_long_rests() -> None:
    assert list(transcript(EXERCISE)) == [
        "0:00.0  Notice your feet & the floor.",
        "0:03.4  And out.  (90% pace, -4.0 dB)",
        "0:04.5  [breathe out, 5 s]",
        "0:09.5  [12.0 s of quiet]",
        "0:21.5  [chime: end]",
    ]


def test_captions_stand_for_as_long_as_their_sound() -> None:
    assert webvtt(EXERCISE, a_second_each) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nNotice your feet &amp; the floor.\n\n"
        "00:00:02.000 --> 00:00:03.000\nAnd out.\n"
    )


def test_markup_keeps_every_rest_and_no_break_is_longer_than_voices_take() -> None:
    root = ElementTree.fromstring(ssml(EXERCISE, "en"))
    breaks = [int(str(found.get("time")).removesuffix("ms")) for found in root if found.tag.endswith("break")]
    assert sum(breaks) == 1000 + 5000 + 12_000 and max(breaks) == 5000


def test_cues_follow_each_other_without_a_gap() -> None:
    found = list(cues(EXERCISE, a_second_each))
    assert [cue.start for cue in found[1:]] == [cue.end for cue in found[:-1]]
