"""What can be set: config.yaml as frozen values, section by section.

There is no key for the safety screen: nothing written here can switch it off (law 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from assistant.core.past import Past
from assistant.core.reminders import Reminder, Schedule
from assistant.core.script import Caution
from assistant.core.waking import Wake
from assistant.settings_files import FORM

if TYPE_CHECKING:
    from assistant.core.events import Event

_STRICT = {"extra": "forbid"}
"""Read by pydantic: a misspelt key must not go unnoticed."""


def _country_code(code: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", code):
        raise ValueError("this is not a country's code; write two letters, such as GB, or ZZ for not known")
    return code.upper()


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("this is no address of a server; write http://localhost:8880/v1")
    return url


def _wyoming_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "tcp" and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("this is no address of a Wyoming server; write tcp://homeassistant.local:10300")
    return url


@dataclass(frozen=True, slots=True)
class HearingEndpoint:
    """Where `speech_to_text.engine: openai` has turns heard. `seconds`: after so long the own recogniser hears."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    base_url: Annotated[str, AfterValidator(_address)]
    model: Annotated[str, Field(min_length=1)]
    seconds: Annotated[float, Field(ge=0.3, le=5)]


@dataclass(frozen=True, slots=True)
class WyomingHearing:
    """Where `speech_to_text.engine: wyoming` has turns heard. `model`: one of the server's, or None for its own choice.
    `seconds`: after so long the own recogniser hears.
    """

    __pydantic_config__: ClassVar[Any] = _STRICT
    address: Annotated[str, AfterValidator(_wyoming_address)]
    model: Annotated[str, Field(min_length=1)] | None
    seconds: Annotated[float, Field(ge=0.3, le=5)]


@dataclass(frozen=True, slots=True)
class SpeechToText:
    """`engine`: `auto`, or a recogniser's name. `threads`: processor cores."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    engine: Literal["auto", "faster-whisper", "pocketsphinx", "openai", "wyoming"]
    model_dir: Path | None
    threads: Annotated[int, Field(ge=1, le=64)]
    endpoint: HearingEndpoint
    wyoming: WyomingHearing


@dataclass(frozen=True, slots=True)
class SpeechEndpoint:
    """Where `voice.engine: openai` has lines rendered. There is no field for its key."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    base_url: Annotated[str, AfterValidator(_address)]
    model: Annotated[str, Field(min_length=1)]
    voice: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class WyomingVoice:
    """Where `voice.engine: wyoming` has lines rendered. `voice`: one of the server's, or None for its own choice.
    `words_per_minute`: its own pace, which the protocol cannot change.
    """

    __pydantic_config__: ClassVar[Any] = _STRICT
    address: Annotated[str, AfterValidator(_wyoming_address)]
    voice: Annotated[str, Field(min_length=1)] | None
    words_per_minute: Annotated[int, Field(ge=80, le=300)]


@dataclass(frozen=True, slots=True)
class Voice:
    """`id`: one of the engine's voices, or None for its best. `sha256`: what a voice's file must have. `bed`: what lies
    under an exercise.
    """

    __pydantic_config__: ClassVar[Any] = _STRICT
    engine: Literal["auto", "piper", "pyttsx3", "openai", "wyoming"]
    id: Annotated[str, Field(min_length=1)] | None
    words_per_minute: Annotated[int, Field(ge=80, le=200)]
    chimes: bool
    bed: Literal["none", "soft"]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None
    endpoint: SpeechEndpoint
    wyoming: WyomingVoice


@dataclass(frozen=True, slots=True)
class Microphone:
    """`device`: `default`, an index, or a part of a name. `push_to_talk`: a key begins and ends each turn."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    device: int | str
    push_to_talk: bool


@dataclass(frozen=True, slots=True)
class Speaker:
    """`latency_seconds`: sound handed to the device ahead. `volume_db`: 0 is as made."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    device: int | str
    latency_seconds: Annotated[float, Field(ge=0.005, le=0.5)]
    volume_db: Annotated[float, Field(ge=-40, le=12)]


@dataclass(frozen=True, slots=True)
class Turn:
    """When a turn begins and ends. Seconds; `speech_threshold` is a probability."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    silence_seconds: Annotated[float, Field(ge=0.2, le=5)]
    patient_silence_seconds: Annotated[float, Field(ge=0.2, le=10)]
    patient: bool
    speech_threshold: Annotated[float, Field(gt=0, le=0.95)]
    max_turn_seconds: Annotated[float, Field(ge=5, le=120)]
    over_voice_seconds: Annotated[float, Field(ge=0.2, le=10)]
    stop_word_model: Path | None

    @property
    def quiet_seconds(self) -> float:
        """The quiet that ends a turn, as the person chose it."""
        return self.patient_silence_seconds if self.patient else self.silence_seconds


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """The pace of a whole session."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    opening_silence_seconds: Annotated[float, Field(ge=2, le=60)]
    session_minutes: Annotated[float, Field(ge=5, le=120)]
    prefer_what_helped: bool


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError('this is no time of day; write it as "08:30"')
    return text


def _reminder(text: str) -> str:
    _time_of_day(text.split(" ", maxsplit=1)[0])
    if not re.fullmatch(r"\S+( [a-z0-9-]+)?", text):
        raise ValueError('this is no reminder; write a time, and a check-in if you like: "21:00 evening"')
    return text


@dataclass(frozen=True, slots=True)
class Reminders:
    """`times`: each "HH:MM", or "HH:MM check-in". The quiet hours may span midnight."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    times: tuple[Annotated[str, AfterValidator(_reminder)], ...]
    quiet_from: Annotated[str, AfterValidator(_time_of_day)]
    quiet_to: Annotated[str, AfterValidator(_time_of_day)]
    most_a_day: Annotated[int, Field(ge=0, le=12)]

    def __post_init__(self) -> None:
        if len(self.times) > self.most_a_day:
            raise ValueError(f"there are {len(self.times)} times; take some out, or raise most_a_day to ask for all")
        schedule = self.schedule("")
        if lost := [f"{reminder.at:%H:%M}" for reminder in schedule.reminders if schedule.is_quiet(reminder.at)]:
            raise ValueError(f"{lost[0]} lies in the quiet hours; change one of them")

    def schedule(self, usual: str) -> Schedule:
        """For the core. `usual`: the check-in of a time that names none."""
        given = [(text.split(" ")[0], text.partition(" ")[2]) for text in self.times]
        reminders = tuple(Reminder(time.fromisoformat(at), name or usual) for at, name in given)
        quiet = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_to)
        return Schedule(reminders, quiet, self.most_a_day)


def phone_number(number: str) -> str:
    """As it is dialled. Raises ValueError."""
    if not re.fullmatch(r"\+?[\d ()./-]{2,30}", number) or sum(map(str.isdecimal, number)) < 2:
        raise ValueError('this is no telephone number; write it as it is dialled, in quotes: "07700 900123"')
    return number


@dataclass(frozen=True, slots=True)
class Trusted:
    """Someone to turn to. There is no field for where messages go: that is a secret, and kept apart."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    name: Annotated[str, Field(min_length=1, max_length=60)] | None
    number: Annotated[str, AfterValidator(phone_number)] | None
    message: Annotated[str, Field(min_length=1, max_length=500)] | None


@dataclass(frozen=True, slots=True)
class Waking:
    """How it is woken while it waits. `word`: of `by: word`, a model's name or its JSON file."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    by: Wake
    word: Annotated[str, Field(min_length=1)]


Pin = Annotated[int, Field(ge=0, le=27)]
"""The BCM number of a pin on the forty-pin header of a Raspberry Pi."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a hand finds. `keys`, `mute_keys`: of any keyboard or USB button, by the kernel's names or numbers."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    pin: Pin | None
    mute_pin: Pin | None
    keys: tuple[Annotated[str, Field(pattern="^([A-Za-z_0-9]+)$")], ...]
    mute_keys: tuple[Annotated[str, Field(pattern="^([A-Za-z_0-9]+)$")], ...]


@dataclass(frozen=True, slots=True)
class Led:
    """A light that shows whether the microphone is open."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    pin: Pin | None


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The optional language model. There is no field for its key. `window_seconds`: later answers are of no use.
    `may_raise`: it is asked about danger, too. `price_in`, `price_out`: of a million tokens, in any currency; 0: not
    known.
    """

    __pydantic_config__: ClassVar[Any] = _STRICT
    enabled: bool
    base_url: Annotated[str, AfterValidator(_address)]
    model: Annotated[str, Field(min_length=1)]
    window_seconds: Annotated[float, Field(ge=0.3, le=4)]
    may_raise: bool
    tokens_a_day: Annotated[int, Field(ge=0)]
    price_in: Annotated[float, Field(ge=0)]
    price_out: Annotated[float, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of config.yaml; its comments say what each key is for."""

    __pydantic_config__: ClassVar[Any] = _STRICT
    version: Annotated[int, Field(ge=1, le=FORM)]
    language: Annotated[str, Field(min_length=2)]
    country: Annotated[str, AfterValidator(_country_code)]
    trusted_person: Trusted
    cautions: tuple[Caution, ...]
    speech_to_text: SpeechToText
    voice: Voice
    microphone: Microphone
    speaker: Speaker
    turn: Turn
    conversation: ConversationSettings
    check_in: Annotated[str, Field(min_length=1)]
    reminders: Reminders
    wake: Waking
    button: Button
    led: Led
    memory: bool
    llm: LanguageModel
    captions: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `grounding run` was asked for. `mic`, `speaker`: a device, `FILE.wav` or `none`; None: as configured.

    `troubles`: codes of failures met before the start, to be said as soon as there is a voice. `check_in`, `flow`: the
    sitting begins with this one. `page`: the file for what is said in a flow. `wait`: it waits to be spoken to, and for
    reminders. `guest`: nothing is written, whatever the settings say. `past`: what is remembered of earlier sittings.
    `service`: nobody sits before it. `first`: what it begins with, as if it had just been said or asked for.
    """

    mic: str | None
    speaker: str | None
    stt: str | None
    tts: str | None
    events: Path | None
    with_words: bool
    realtime: bool
    settings: Settings
    troubles: tuple[str, ...] = ()
    check_in: str | None = None
    flow: str | None = None
    page: Path | None = None
    wait: bool = False
    guest: bool = False
    past: Past = ()
    service: bool = False
    first: tuple[Event, ...] = ()

    @property
    def remembers(self) -> bool:
        """Whether this sitting is noted."""
        return self.settings.memory and not self.guest
