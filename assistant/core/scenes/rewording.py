"""What is said around other words for a flow's answers: the wish for them, while they are waited for, the proposal."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.flows import FlowWording, Prompt, Reword
from assistant.core.performance import spoken
from assistant.core.quoting import AFTER_LABEL, AFTER_WORDS
from assistant.core.scenes.scene import Move
from assistant.core.session import Session
from assistant.core.timeline import Pause, Segment, Speech
from assistant.core.wording import FEWEST_WORDS, REST_SECONDS, Wish
from assistant.safety.words import normalise


def own_words(step: Reword, said: Mapping[str, str]) -> str:
    """What was said to the questions it is about, each answer a sentence."""
    return " ".join(f"{said[part].rstrip('. ')}." for part in step.parts if said.get(part))


def may_be_reworded(session: Session, step: Reword, said: Mapping[str, str]) -> bool:
    """Whether there is a language model that may see it, and nothing in it that is for people alone."""
    words, wording = own_words(step, said), session.repertoire.flow_wording or FlowWording()
    enough = len(normalise(words)) >= FEWEST_WORDS
    return (
        session.outside.model_may_see
        and enough
        and not any(wording.tells(meaning, words) for meaning in ("past", "fear", "harsh", "now"))
    )


def wished(session: Session, step: Reword, said: Mapping[str, str]) -> Move:
    """Reviewed words and a little quiet, in which the answer may come."""
    say = (*spoken(step.on_yes, session.pace), Pause(REST_SECONDS))
    return Move(say=say, wish=Wish(own_words(step, said), step.form))


def proposal(session: Session, sentences: tuple[str, ...]) -> tuple[Segment, ...]:
    """Read back as a person's own words are: in no cache, and by no other computer."""
    read = tuple(part for line in sentences for part in (Speech(line, session.pace, quoted=True), Pause(AFTER_LABEL)))
    before, after = session.lines("flow.reworded"), session.lines("flow.reworded_ask")
    return (*spoken(before, session.pace), Pause(AFTER_LABEL), *read, Pause(AFTER_WORDS), *spoken(after, session.pace))


def correction(session: Session, step: Reword) -> Prompt:
    """The question in which the person puts it right in words of their own."""
    kept, left = session.lines("flow.reworded_kept"), session.lines("flow.reworded_left")
    return Prompt(step.id, "", 2 * step.wait, kept, left, keep=step.keep, label=step.label)
