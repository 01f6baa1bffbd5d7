"""`grounding service`: the system that looks after services here, and what to tell it."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from assistant.app.findings import Finding, finding
from assistant.app.places import NAME
from assistant.app.reaching import channel_set
from assistant.app.voices import ASKED_AHEAD
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import AssistantError, ServiceError, UsageError
from assistant.hearing.choose import ELSEWHERE
from assistant.service.plan import Plan
from assistant.service.systems import Launchd, ServiceSystem, Systemd, TaskScheduler
from assistant.settings import Settings
from assistant.settings_files import settings_files

PLACES = ("GROUNDING_MEMORY", "GROUNDING_MODEL")
"""Folders named by the environment stay those they are when it runs as a service."""


def this_system() -> ServiceSystem:
    """Raises UsageError for root, and ServiceError where none is known."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise UsageError(
            "service-as-root",
            "The service belongs to the person who uses it, and would be root's now; run this as that person, "
            "without sudo.",
        )
    if sys.platform == "linux":
        return Systemd(user_config_path(), getpass.getuser())
    if sys.platform == "darwin":
        return Launchd(Path.home(), os.getuid())
    if sys.platform == "win32":
        domain = os.environ.get("USERDOMAIN")
        user = f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()
        return TaskScheduler(user_data_path(NAME, appauthor=False), user)
    raise ServiceError(
        "service-unknown-system", "There is no service for this system; start the program with: grounding run --wait"
    )


def plan(settings: Settings) -> Plan:
    """For this interpreter: `-P` keeps a folder called `assistant` at home from being taken for the program."""
    interpreter = Path(sys.executable)
    silent = interpreter.with_name("pythonw.exe")  # opens no window
    program = silent if sys.platform == "win32" and silent.is_file() else interpreter
    return Plan(
        command=(str(program), "-P", "-m", "assistant", "run", "--service"),
        writable=_folders(),
        environment=tuple((name, os.environ[name]) for name in PLACES if os.environ.get(name)),
        network=needs_network(settings),
    )


def needs_network(settings: Settings) -> bool:
    """Whether another computer is ever asked, or a message sent. If this wrongly said no, systemd would block network
    access that is needed.
    """
    asked = settings.voice.engine in ASKED_AHEAD or settings.speech_to_text.engine in ELSEWHERE
    return asked or settings.llm.enabled or channel_set()


def _folders() -> tuple[Path, ...]:
    """Its data, its state and its cache."""
    folders = [place(NAME, appauthor=False) for place in (user_data_path, user_state_path, user_cache_path)]
    folders += [Path(os.environ["GROUNDING_MEMORY"])] if os.environ.get("GROUNDING_MEMORY") else []
    return tuple(dict.fromkeys(folders))


def install(settings: Settings) -> tuple[Path, list[str]]:
    """The file that was written, and what the person should know."""
    system = this_system()
    known = system.file.is_file()
    planned = plan(settings)
    for folder in map(Path, planned.writable):  # the service could not make them
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = system.install(planned)
    if known:
        told = ["It was installed before; its file is written anew.", *told]
    return system.file, told + _sound_here(settings)


def _sound_here(settings: Settings) -> list[str]:
    """A service with no sound waits for some; whoever sets it up should know at once."""
    from assistant.devices import find_device

    try:
        find_device(str(settings.microphone.device), "input")
        find_device(str(settings.speaker.device), "output")
    except AssistantError as error:
        return [f"It runs, and waits for sound: {error.hint}"]
    return []


def service_finding() -> Finding:
    """For `doctor`: installed or not is no fault; installed and not running is."""
    try:
        state = this_system().state()
    except AssistantError as error:
        return finding("service", "ok", "none", error.hint)
    if not state.installed:
        mend = "to have it wait for you from the start of the machine: grounding service install"
        return finding("service", "ok", "not installed", mend)
    mend = "" if state.running else "grounding service start, and: grounding service logs"
    return finding("service", "ok" if state.running else "degraded", state.detail, mend)


def settings_here() -> Settings:
    """Raises ConfigError: a service that starts with faulty settings would have nobody to tell."""
    return load_settings(settings_files(content_root() / "config.yaml"))
