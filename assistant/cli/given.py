"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.cli.output import note
from assistant.errors import ConfigError

if TYPE_CHECKING:
    from assistant.config import LeftOut
    from assistant.settings import Settings


def add_language(parser: argparse.ArgumentParser) -> None:
    """`--lang`."""
    parser.add_argument("--lang", metavar="LANG", help="language to speak and understand, such as en")


def add_country(parser: argparse.ArgumentParser) -> None:
    """`--country`."""
    parser.add_argument("--country", metavar="XX", help="country whose support lines are given, such as GB")


def add_days(parser: argparse.ArgumentParser, means: str) -> None:
    """`--days`."""
    parser.add_argument("--days", metavar="N", type=_days, help=means)


def _days(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 0 < number < 40_000:
        raise argparse.ArgumentTypeError("write a number of days, such as 30")
    return number


def add_plain(parser: argparse.ArgumentParser) -> None:
    """`--plain`."""
    parser.add_argument(
        "--plain", action="store_true", help="print lines only, nothing that moves: for a screen reader"
    )


def settings_as_written() -> Mapping[str, Any]:
    """The person's over the shipped ones, unchecked: for what lists content. The check would take a quarter."""
    from assistant.content.root import content_root
    from assistant.settings_files import as_written, settings_files

    return as_written(settings_files(content_root() / "config.yaml"))


def language_of(arguments: argparse.Namespace, written: Mapping[str, Any]) -> str:
    """The language asked for, or else the one that is set. Raises as `settings_of`, which is asked in any doubt."""
    from assistant.content.root import content_root

    root, chosen = content_root(), written.get("language")
    if not arguments.lang and (root / "scripts" / str(chosen) / "phrases.yaml").is_file():
        return str(chosen)
    from assistant.content.library import known_language

    return known_language(root, settings_of(arguments).language)


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings, with what the command line says over them. Raises UsageError, ConfigError or ContentError."""
    from assistant.config import load_settings
    from assistant.content.root import content_root
    from assistant.settings_files import settings_files

    return load_settings(settings_files(content_root() / "config.yaml"), overrides_of(arguments))


def remaining_settings_of(
    arguments: argparse.Namespace, tell: Callable[[str], None] = note
) -> tuple[Settings, LeftOut | None]:
    """As `settings_of`, for what helps: a mistake in the person's own settings costs them what it stands in, is told,
    and keeps nobody from the rest. Raises UsageError or ContentError.
    """
    from assistant.config import remaining_settings
    from assistant.content.library import languages
    from assistant.content.root import content_root
    from assistant.settings_files import settings_files

    root = content_root()
    settings, left_out = remaining_settings(
        settings_files(root / "config.yaml"), overrides_of(arguments), {"language": languages(root)}
    )
    if left_out is not None:
        tell(left_out.hint)
    return settings, left_out


def code_of(left_out: LeftOut | None, code: int = 0) -> int:
    """The exit code of a command that ended with `code`, and helped although something was left out."""
    return code if code or left_out is None else ConfigError.exit_code


def overrides_of(arguments: argparse.Namespace) -> dict[str, object]:
    """What the command line says over the settings, by dotted key. Raises UsageError or ContentError."""
    from assistant.content.root import content_root

    root = content_root()
    overrides: dict[str, object] = {}
    # What checks an option is loaded where it is given: it is most of the program.
    if getattr(arguments, "lang", None):
        from assistant.content.library import known_language

        overrides["language"] = known_language(root, arguments.lang)
    if getattr(arguments, "country", None):
        from assistant.content.countries import known_country

        overrides["country"] = known_country(root, arguments.country)
    if getattr(arguments, "push_to_talk", False):
        overrides["microphone.push_to_talk"] = True
    if getattr(arguments, "plain", False):
        overrides["plain"] = True
    return overrides
