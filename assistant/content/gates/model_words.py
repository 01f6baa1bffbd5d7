"""The guard's lists refuse what they say they do, by the kind they say, and still let a fair sentence through."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.content.gates.phrases import placeholder_problems
from assistant.content.model_words import FORMS, KINDS, ModelWordsSource
from assistant.core.guard import Guard, Refused
from assistant.faults import Fault
from assistant.safety.rules import compile_pattern
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.words import normalise


def model_words_faults(source: ModelWordsSource, guard: Guard) -> Iterator[Fault]:
    """Everything that is wrong with model.yaml."""
    marked, written = source.marked, source.written
    for name, known, there in (("banned", KINDS, written.banned), ("why", FORMS, written.why)):
        for key in known:
            if key not in there:
                yield marked.fault((name,), f"{key} is missing", "add it: the guard knows it by name")
        for key in there:
            if key not in known:
                yield marked.fault((name, key), f"nothing is called {key} here", f"it can be {', '.join(known)}")
    for kind, banned in written.banned.items():
        for index, sentence in enumerate(banned.refuse):
            said = " ".join(normalise(sentence)) + " "
            if not any(compile_pattern(pattern).search(said) for pattern in banned.patterns):
                place = ("banned", kind, "refuse", index)
                yield marked.fault(place, f"{kind} does not refuse {sentence!r}", "change the patterns")
    fair_ones = (
        ("passes", written.passes, guard.reflection),
        ("passes_as_own", written.passes_as_own, guard.own_words),
    )
    for key, fair, judge in fair_ones:
        for index, one in enumerate(fair):
            screened = guard.screen.screen(Transcript(one.said, Trust.TRUSTED, 1.0, "check"))
            if isinstance(judged := judge(one.sentence, screened), Refused):
                what = f"{one.sentence!r} is refused: {judged.reason}"
                yield marked.fault((key, index), what, "narrow what refuses it, or take it out")
    for what, mend in placeholder_problems((written.prompts.again,), frozenset({"why"})):
        yield marked.fault(("prompts", "again"), f"it {what}", mend)
