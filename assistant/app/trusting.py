"""The questions of `setup` about somebody to turn to: each may be left out, and nobody is told of it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.app.asking import Aloud, Ask, Question, ask, yes
from assistant.app.own_settings import GONE
from assistant.app.parts import load_library
from assistant.app.setting_up_aloud import nobody
from assistant.content.library import Library
from assistant.core.spoken_answers import Form
from assistant.core.trusted import Sending
from assistant.errors import AssistantError
from assistant.reaching.channel import LONGEST, find_channel, forget_channel, keep_channel
from assistant.reaching.messenger import GET, apprise_here, deliver, fits
from assistant.settings import Settings, phone_number
from assistant.settings_files import own_settings_file

LONGEST_NAME = 60
LONGEST_MESSAGE = 400
NONE = ("nobody", "none")


def somebody_is_trusted(settings: Settings) -> bool:
    """Whether there is a name to ask more about."""
    return settings.trusted_person.name is not None


def ask_name(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """A name only; nobody is contacted."""
    text = "Whom do you trust? A first name, which I say when things are hard. Nobody is contacted by it."
    usual = settings.trusted_person.name
    aloud = Aloud("trusted_name", Form.NAME, nobody(settings))
    name = ask(Question(text, usual, usual or "nobody", _name, aloud=aloud))
    return without_the_former(settings, {"trusted_person.name": name})


def same_person(name: object, former: str | None) -> bool:
    """Whether a name is that of `former`, however it is written."""
    return isinstance(name, str) and former is not None and name.casefold() == former.casefold()


def without_the_former(settings: Settings, changes: Mapping[str, object]) -> dict[str, object]:
    """`changes`; where they name another person, nothing stays of the former one: no number, no message, and no place
    where messages go. What is taken out is told. Raises StoreError.
    """
    former = settings.trusted_person
    name = changes.get("trusted_person.name", former.name)
    if former.name is None or same_person(name, former.name):
        return dict(changes)
    forgotten = forget_channel(own_settings_file().parent)
    if forgotten or former.number is not None or former.message is not None:
        print(f"What was set for {former.name} is taken out: number, message, and where messages go.")
    return {"trusted_person.number": GONE, "trusted_person.message": GONE, **changes}


def ask_number(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """To be read out and shown when it is asked for."""
    text = f"{settings.trusted_person.name}'s telephone number? I read it out when you ask for it."
    usual = settings.trusted_person.number
    aloud = Aloud("trusted_number", Form.NAME, nobody(settings))
    return {"trusted_person.number": ask(Question(text, usual, usual or "none", _number, aloud=aloud))}


def ask_message(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """What a message says, and where it goes. What cannot be kept is told."""
    library = load_library(settings)
    wording = " ".join(library.repertoire.phrases["trusted.message"])
    usual = settings.trusted_person.message
    text = "What shall a message to them say? I send one only when you ask for it and say yes."
    message = ask(Question(text, usual, repr(usual or wording), _message, aloud=Aloud("trusted_message")))
    try:
        _ask_where(library, ask)
    except AssistantError as error:
        print(error.hint)
    return {"trusted_person.message": message}


def _ask_where(library: Library, ask: Ask) -> None:
    folder = own_settings_file().parent
    if find_channel(folder) is not None:
        return
    if not apprise_here():
        print(f"To have a message sent: {GET}, and then: grounding setup --again trusted_person.message")
        return
    text = (
        "Where does a message go? An address as https://appriseit.com/services/ lists them, for e-mail, Telegram,\n"
        "Signal and others. It is a secret like a password: it is not shown as you type, and goes to no one else."
    )
    url = ask(Question(text, "", "nowhere", _address, secret=True))
    if not url:
        return
    channel = keep_channel(folder, url)
    place = "the system's keyring" if channel.in_keyring else f"a file in {folder} that only you can read"
    print(f"A message would go through {channel.service}; its address is in {place}.")
    text = "Shall I send a test message now? They get it, so let them know first. y or n."
    if ask(Question(text, usual=False, shown="no", read=yes, aloud=Aloud("message_test", Form.YES_NO))):
        print(_tested(deliver(url, " ".join(library.repertoire.phrases["trusted.test"]))))


def _tested(ending: Sending) -> str:
    match ending:
        case Sending.SENT:
            return "The service took the test message. Whether it arrived, they can tell you."
        case Sending.UNSURE:
            return "The service did not answer in time; the test message may have been sent, or not."
        case _:
            return "The test message was not sent: the service refused it, or is out of reach. The address is kept."


def _name(typed: str) -> str | None:
    if typed.lower() in NONE:
        return None
    if not any(letter.isalpha() for letter in typed) or len(typed) > LONGEST_NAME:
        raise AssistantError("answer-misfit", f"That is no name that can be said; letters, and at most {LONGEST_NAME}.")
    return typed


def _number(typed: str) -> str | None:
    if typed.lower() in NONE:
        return None
    try:
        return phone_number(typed)
    except ValueError:
        raise AssistantError("answer-misfit", "That is no telephone number; type it as it is dialled.") from None


def _message(typed: str) -> str:
    if not any(letter.isalpha() for letter in typed) or len(typed) > LONGEST_MESSAGE:
        raise AssistantError("answer-misfit", f"A message has words, and at most {LONGEST_MESSAGE} letters.")
    return typed


def _address(typed: str) -> str:
    if len(typed) > LONGEST or not fits(typed):
        raise AssistantError("answer-misfit", "That is no address that can be used; nothing is kept.")
    return typed
