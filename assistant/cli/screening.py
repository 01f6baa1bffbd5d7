"""The safety screen, as the commands that show and measure it use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cli.output import note

if TYPE_CHECKING:
    from assistant.safety.rules import Rules
    from assistant.safety.screen import Screen
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict in plain words. `rule` is the evidence that speaks for `kind`."""

    level: str
    kind: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class Screening:
    """The screen, and the rules it stands on."""

    screen: Screen
    rules: Rules

    def judge(self, text: str) -> Judged:
        """The verdict on a text."""
        verdict = self.screen.judge(text)
        kinds = {rule.id: rule.kind for rule in self.rules.rules}
        fitting = [name for name in verdict.evidence if kinds.get(name) is verdict.kind]
        rule = next(iter(fitting or verdict.evidence), None)
        return Judged(verdict.level.name.lower(), verdict.kind.value if verdict.kind else None, rule)


def screening(settings: Settings) -> Screening:
    """The screen that a conversation in the configured language has."""
    from assistant.app.screens import build_learned, screen_of
    from assistant.content.library import load_cards, load_flows, load_lexicon, load_rules
    from assistant.content.root import content_root

    root, language = content_root(), settings.language
    rules, faults = load_rules(root, language)
    cards, flows = load_cards(root, language, faults), load_flows(root, language, faults)[0]
    for fault in faults:
        note(str(fault))
    learned = build_learned(lambda error: note(error.hint))
    return Screening(screen_of(rules, load_lexicon(root, language), cards, flows, learned), rules)
