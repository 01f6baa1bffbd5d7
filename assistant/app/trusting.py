"""`grounding setup`, about somebody to turn to: each answer may be left out, and what is known is not asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import getpass

from assistant.app.own_settings import write_section
from assistant.config import own_settings_file
from assistant.content.library import Library
from assistant.core.trusted import Sending
from assistant.errors import AssistantError
from assistant.reaching.channel import LONGEST, find_channel, keep_channel
from assistant.reaching.messenger import GET, apprise_here, deliver, fits
from assistant.settings import Settings

Ask = Callable[[str], str]
_YES = ("y", "yes")


def ask_about_trusted(settings: Settings, library: Library, ask: Ask = input, ask_secret: Ask = getpass) -> None:
    """At a terminal; elsewhere nobody is asked. What cannot be kept is told, and setup goes on."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    try:
        _who(settings, library, ask)
        _where(library, ask, ask_secret)
    except AssistantError as error:
        print(error.hint)
    except EOFError:
        print()


def _who(settings: Settings, library: Library, ask: Ask) -> None:
    own = settings.trusted_person
    usual = " ".join(library.repertoire.phrases["trusted.message"])
    questions = [
        ("name", own.name, "What do you call them? "),
        ("number", own.number, "Their telephone number, to be read out when you ask for it: "),
        ("message", own.message, f"What a message to them says, once you ask for it and confirm (Enter: {usual!r}): "),
    ]
    missing = [(key, question) for key, known, question in questions if known is None]
    if not missing:
        return
    print("Someone you trust: the assistant can name them, and read out their number. Enter leaves a question out.")
    given = {key: answer for key, question in missing if (answer := ask(question).strip())}
    if given:
        print(f"Kept in {write_section('trusted_person', given)}, readable only by you.")


def _where(library: Library, ask: Ask, ask_secret: Ask) -> None:
    folder = own_settings_file().parent
    if find_channel(folder) is not None:
        return
    if not apprise_here():
        print(f"To have a message sent to them when you ask for it: {GET}, then setup once more.")
        return
    print(
        "Where a message goes: an address as https://appriseit.com/services/ lists them, for your e-mail, Telegram, "
        "Signal and others. It is a secret like a password, is not shown as you type, and goes to that service alone."
    )
    url = ask_secret("The address, or Enter for none: ").strip()
    if not url:
        return
    if len(url) > LONGEST or not fits(url):
        print("That is no address that can be used; nothing was kept.")
        return
    channel = keep_channel(folder, url)
    place = "the system's keyring" if channel.in_keyring else f"a file in {folder} that only you can read"
    print(f"A message would go through {channel.service}; its address is in {place}.")
    if ask("Send a test message now? They get it, so let them know first. [y/N] ").strip().lower() in _YES:
        print(_tested(deliver(url, " ".join(library.repertoire.phrases["trusted.test"]))))


def _tested(ending: Sending) -> str:
    match ending:
        case Sending.SENT:
            return "The service took the test message. Whether it arrived, they can tell you."
        case Sending.UNSURE:
            return "The service did not answer in time; the test message may have been sent, or not."
        case _:
            return "The test message was not sent: the service refused it, or is out of reach. The address is kept."
