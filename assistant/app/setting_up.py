"""The conversation of `grounding setup`: one question after another, each kept as soon as it is answered.

Whether a question was answered is read off the person's own config.yaml alone: its key is there. So nothing is asked
twice, and whoever is interrupted goes on where they were.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import get_args

from assistant.app.asking import Aloud, Ask, PutOff, Question, ask, chosen, leaving_on_signals, yes
from assistant.app.fitting import chosen as fitting_keys
from assistant.app.fitting import measure, told
from assistant.app.own_settings import answered, save
from assistant.app.setting_up_aloud import (
    asked_aloud,
    country_names,
    heeding,
    language_names,
    may_read_aloud,
    spoken_cautions,
)
from assistant.app.setting_up_hands import ask_button_key, ask_button_pin, ask_led_pin, keys_here, pins_here
from assistant.app.setting_up_interview import PeopleFirst
from assistant.app.setting_up_sound import ask_microphone, ask_speaker
from assistant.app.setting_up_voice import ask_voice
from assistant.app.trusting import ask_message, ask_name, ask_number, same_person, somebody_is_trusted
from assistant.content.countries import UNKNOWN, known_country, load_support
from assistant.content.library import known_language, languages
from assistant.content.root import content_root
from assistant.core.script import Caution
from assistant.core.spoken_answers import Form
from assistant.errors import AssistantError, UsageError
from assistant.faults import nearest
from assistant.settings import Settings
from assistant.settings_files import own_settings_file

Answer = Mapping[str, object]
"""Dotted keys of config.yaml, and their values."""


@dataclass(frozen=True, slots=True)
class Step:
    """`key`: of config.yaml; where it is, the step was done. `ask`: raises PutOff, or AssistantError where it cannot be
    done now. `alone`: it needs nobody to answer. `applies`: whether there is anything to ask. `absent`: why there is
    not, for whoever asked for just this one.
    """

    key: str
    ask: Callable[[Settings, Ask], Answer]
    alone: bool = False
    applies: Callable[[Settings], bool] = lambda settings: True
    absent: str = ""


def ask_all(settings: Settings, again: str | None, *, alone: bool, aloud: bool = False) -> Settings:
    """Every step that is not done yet, or only the one of the key `again`. `alone`: nobody is there; what needs an
    answer stays as it is. `aloud`: sound comes first, and the rest is read aloud; else that is offered.

    Raises KeyboardInterrupt when the person leaves, PeopleFirst when something was said that matters more, ConfigError
    and StoreError.
    """
    steps = _steps_again(known_step(again), settings.trusted_person.name) if again else _open_steps()
    steps = [step for step in steps if step.alone or not alone]
    if again and steps and not steps[0].applies(settings):  # what follows from its answer is not known yet
        print(steps.pop(0).absent)
    if aloud:
        steps.sort(key=lambda step: step.key not in SOUND)
    if steps and not alone:
        print("Every question can be left: Enter takes the usual answer, 'later' leaves it open, Ctrl-C ends it all.")
        print(f"Answers are kept in {own_settings_file()} at once, and can be changed there.")
    try:
        with leaving_on_signals(), ExitStack() as sound:
            settings = _ask_each(steps, settings, aloud=aloud, offer=again is None, sound=sound)
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal itself may be what went away
            print(f"\n{GO_ON}")
        raise
    return settings


def _ask_each(steps: Sequence[Step], settings: Settings, *, aloud: bool, offer: bool, sound: ExitStack) -> Settings:
    def heeded(asks: Ask) -> Ask:
        return heeding(lambda: settings, asks)

    asks = typed = heeded(ask)
    for place, step in enumerate(steps):
        if step.alone:
            sound.close()
            asks = typed
        elif aloud and asks is typed and step.key not in SOUND:
            aloud, spoken = False, asked_aloud(settings, sound)
            asks = typed if spoken is None else heeded(spoken)
        if not step.applies(settings):
            continue
        settings = _asked(step, settings, asks)
        left = [later for later in steps[place + 1 :] if not later.alone and later.applies(settings)]
        if offer and asks is typed and step.key == SOUND[-1] and left and not aloud and answered().issuperset(SOUND):
            aloud = may_read_aloud(settings, ask)
    return settings


GO_ON = "What you answered is kept. To go on from here: grounding setup"
SOUND = ("microphone.device", "speaker.device")
_SHORT = {
    "trusted_person": "trusted_person.name", "patient": "turn.patient", "recogniser": "speech_to_text.threads",
    "button": "button.pin", "key": "button.keys",
}  # fmt: skip
"""What people call a key."""


def known_step(key: str) -> str:
    """Raises UsageError, with the nearest."""
    keys = [step.key for step in STEPS]
    short = {name: name for name in keys} | {name.split(".")[0]: name for name in keys} | _SHORT
    if key in short:
        return short[key]
    likely = ", ".join(nearest(key, keys, 3) or keys)
    raise UsageError("setup-question", f"setup asks nothing about {key!r}; it asks about: {likely}.")


def _open_steps() -> list[Step]:
    done = answered()
    return [step for step in STEPS if step.key not in done]


def _steps_again(key: str, trusted: str | None) -> list[Step]:
    """The one of this key. Another person than `trusted` has another number, so that is asked after the name."""
    asked = [step for step in STEPS if step.key == key]
    if key != "trusted_person.name":
        return asked
    return asked + [
        replace(
            step,
            applies=lambda settings: (
                somebody_is_trusted(settings) and not same_person(settings.trusted_person.name, trusted)
            ),
        )
        for step in STEPS
        if step.key in ("trusted_person.number", "trusted_person.message")
    ]


def _asked(step: Step, settings: Settings, asks: Ask) -> Settings:
    try:
        return save(step.ask(settings, asks))
    except PutOff:
        print("Left for later.")
    except PeopleFirst as first:
        raise PeopleFirst(first.said, settings) from None
    except AssistantError as error:
        if error.code in ("settings-unwritable", "settings-newer", "config-faults"):
            raise
        print(f"{error.hint} Left for later.")
    return settings


def ask_language(settings: Settings, ask: Ask = ask) -> Answer:
    """One of those that there is content for."""
    known = languages(content_root())
    called = {name: name for name in known} | language_names(known)
    text = f"Which language shall I speak and understand? There is: {', '.join(known)}."
    read = lambda typed: known_language(content_root(), called.get(typed.lower(), typed.lower()))  # noqa: E731 - an argument
    aloud = Aloud("language", Form.NAME, called)
    return {"language": ask(Question(text, settings.language, settings.language, read, aloud=aloud))}


def ask_country(settings: Settings, ask: Ask = ask) -> Answer:
    """By its code or its name."""
    root, likely = content_root(), settings.country
    if likely == UNKNOWN:
        likely = _country_of_this_machine()
    shown = f"{likely}, as this machine is set" if likely != settings.country else likely
    if likely == UNKNOWN:
        shown = "not said; then only what holds in any country is given"
    text = "Which country are you in? I give its help lines when help is needed. A name, or two letters."
    aloud = Aloud("country", Form.NAME, country_names(settings))
    country = ask(Question(text, likely, shown, lambda typed: known_country(root, typed), aloud=aloud))
    support = load_support(root, country, [])
    print(f"{support.name}: the emergency number is {support.emergency}.")
    return {"country": country}


def _country_of_this_machine() -> str:
    """Of the language the system is set to, such as en_GB.UTF-8; UNKNOWN where that tells none there are lines for.

    Read from the environment: Python takes the locale C for an American one.
    """
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    found = re.fullmatch(r"[a-z]{2,3}_([A-Z]{2})([.@].*)?", language)
    try:
        return known_country(content_root(), found[1]) if found else UNKNOWN
    except UsageError:
        return UNKNOWN


CAUTIONS: Mapping[Caution, str] = {
    "breath_trauma": "attention to breathing is hard for you, or was tied to something bad",
    "touch_trauma": "attention to touch or your body is",
    "asthma_flare": "asthma, or another trouble with breathing",
    "pregnancy": "pregnancy",
    "cardiac": "a condition of the heart",
    "hypertension": "high blood pressure",
    "cold_allergy": "cold is not good for you",
    "eating_disorder": "an eating disorder",
    "injury": "an injury, or pain when muscles are tensed",
    "hearing": "you hear badly",
    "overload": "sounds and lights are easily too much",
    "dissociating": "you often feel unreal or far away",
    "flashback": "you have flashbacks",
}
"""What each means, in plain words."""


def ask_cautions(settings: Settings, ask: Ask = ask) -> Answer:
    """Numbers of a list."""
    rows = "\n".join(f"  {number:>2}  {words}" for number, words in enumerate(CAUTIONS.values(), 1))
    text = f"Is any of this so for you? I leave out exercises that could make it worse.\n{rows}\nNumbers, such as 3, 5."
    usual = list(settings.cautions)
    shown = ", ".join(CAUTIONS[caution] for caution in usual) or "none of it"
    aloud = Aloud("cautions", Form.NUMBERS, more=spoken_cautions(settings, tuple(CAUTIONS)))
    return {"cautions": ask(Question(text, usual, shown, _cautions, aloud=aloud))}


def _cautions(typed: str) -> list[Caution]:
    if typed.lower() == "none":
        return []
    known = list(CAUTIONS)
    assert set(known) == set(get_args(Caution))
    return list(dict.fromkeys(chosen(number, known, "line") for number in typed.replace(",", " ").split()))


def ask_patience(settings: Settings, ask: Ask = ask) -> Answer:
    """Longer quiet before a turn ends."""
    text = "Shall I wait longer before I answer? It helps with slow or tearful speech, and a stutter. y or n."
    usual = settings.turn.patient
    aloud = Aloud("patient", Form.YES_NO)
    return {"turn.patient": ask(Question(text, usual, "yes" if usual else "no", yes, aloud=aloud))}


def fit_the_machine(settings: Settings, ask: Ask = ask) -> Answer:
    """Measured, not asked."""
    print("\nNow I measure what this machine can do in time.")
    measured = measure(settings)
    print("\n".join(told(measured)))
    return fitting_keys(measured)


NOBODY = "Nobody is named yet, so there is nothing to ask. First: grounding setup --again trusted_person"
NO_PINS = "There are no pins here that I can use: they need a Raspberry Pi and its package; see docs/at-home.md."
NO_KEYS = "There is no keyboard or button here that I may read: it needs Linux, and leave; see docs/at-home.md."
STEPS = (
    Step("language", ask_language),
    Step("country", ask_country),
    Step("microphone.device", ask_microphone),
    Step("speaker.device", ask_speaker),
    Step("trusted_person.name", ask_name),
    Step("trusted_person.number", ask_number, applies=somebody_is_trusted, absent=NOBODY),
    Step("trusted_person.message", ask_message, applies=somebody_is_trusted, absent=NOBODY),
    Step("cautions", ask_cautions),
    Step("turn.patient", ask_patience),
    Step("button.pin", ask_button_pin, applies=pins_here, absent=NO_PINS),
    Step("led.pin", ask_led_pin, applies=pins_here, absent=NO_PINS),
    Step("button.keys", ask_button_key, applies=keys_here, absent=NO_KEYS),
    Step("voice.engine", ask_voice),
    Step("speech_to_text.threads", fit_the_machine, alone=True),
)
"""In the order in which they are asked: where first, as help hangs on it; then sound, so that the rest can be aloud."""
