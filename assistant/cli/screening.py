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
    """The screen of the configured language."""
    from assistant.content.library import load_lexicon, load_rules
    from assistant.content.root import content_root
    from assistant.safety.screen import Screen
    from assistant.understanding.learned import LearnedScreen

    rules, faults = load_rules(content_root(), settings.language)
    for fault in faults:
        note(str(fault))
    learned = LearnedScreen(lambda error: note(error.hint))
    lexicon = load_lexicon(content_root(), settings.language)
    return Screening(Screen(rules, [learned], lexicon.plain), rules)
