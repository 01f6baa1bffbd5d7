"""Every line that is known beforehand: what a recogniser of few words may expect, and what a voice can render ahead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from assistant.content.library import Library
from assistant.core.flows import Prompt, ReadBack
from assistant.core.numbers import read_number
from assistant.core.performance import manner
from assistant.core.script import Ask, Breathe, Rate, Say
from assistant.core.timeline import Speech
from assistant.core.understanding import Intent
from assistant.safety.interrupt import NOBODY_KNOWN, compose_interrupt, compose_support, compose_texting
from assistant.safety.screen import Screen
from assistant.safety.verdict import Kind, Level

PHRASES_AN_INTENT = 6
OTHERS = (Intent.USE_OTHERS, Intent.KEEP_HERE)
"""Whoever has set up another computer has a recogniser of free speech; for all others they are phrases to mishear."""
PHRASES_OF_STOP = 14
QUESTIONS_A_CARD, BEGINS_A_FLOW = 2, 3
"""The likeliest come first in understanding.yaml; every phrase more makes the built-in recogniser slower, less sure."""


def expected_phrases(library: Library) -> list[str]:
    """What a recogniser of few words listens for: commands, numbers, whole sentences that the content names, and every
    plain way to say that one is in danger.
    """
    known = [said for intent, said in library.lexicon.commands.items() if intent not in OTHERS]
    phrases = [phrase for said in known for phrase in said[:PHRASES_AN_INTENT] if "{" not in phrase]
    wanted = (phrases, _stops(library), library.recogniser, library.rules.must_catch, _asked(library))
    return sorted(set(chain.from_iterable(wanted)))


def urgent_phrases(library: Library) -> list[str]:
    """What must not be missed of that: a stop, a call for help, and all that the screen would act on."""
    screen = Screen(library.rules)
    flagged = [phrase for phrase in expected_phrases(library) if screen.judge(phrase).level is not Level.NONE]
    return [*library.rules.must_catch, *_stops(library), *flagged]


def expected_numbers(library: Library) -> list[str]:
    """What it listens for as well where a number was asked for. A number that is one only where nothing is said beside
    it, as "one" is, comes alone.
    """
    numbers = library.lexicon.numbers
    words = [word.lower() for word in library.repertoire.phrases["spoken.numbers"]]
    said = {
        wording.format(number=number, next=after)
        for wording in library.recogniser_numbers
        for number, after in zip(words, (*words[1:], ""), strict=True)
        if (after or "{next}" not in wording) and (number in numbers.words or wording == "{number}")
    }
    return sorted(phrase for phrase in said if read_number(phrase, numbers).number is not None)


def _asked(library: Library) -> Iterator[str]:
    """How people ask for a card or a flow, and go on in one."""
    repertoire = library.repertoire
    for card in repertoire.cards.cards if repertoire.cards is not None else ():
        yield from card.questions[:QUESTIONS_A_CARD]
    for flow in repertoire.flows.values():
        yield from flow.begins[:BEGINS_A_FLOW]
    if repertoire.flow_wording is not None:
        yield from (*repertoire.flow_wording.onward, *repertoire.flow_wording.shorter)


def _stops(library: Library) -> tuple[str, ...]:
    return library.lexicon.commands[Intent.STOP][:PHRASES_OF_STOP] + library.lexicon.commands[Intent.HELP]


def fixed_lines(library: Library) -> list[Speech]:
    """Every sentence that needs no filling in, at the pace it has, the ones that may be needed soonest first."""
    phrases = library.repertoire.phrases
    soonest = ("greeting.", "choosing.lead", "interrupt.", "stopped.", "exercise.", "concern.", "failures.")
    keys = [key for start in soonest for key in phrases if key.startswith(start)]
    keys += [key for key in phrases if key not in keys and not key.startswith(("screen.", "spoken."))]
    lines = [Speech(line) for key in keys for line in phrases[key] if "{" not in line]
    repertoire = library.repertoire
    flows = [flow.script for flow in repertoire.flows.values()]
    for script in chain(repertoire.scripts.values(), repertoire.check_ins.values(), flows):
        for index, step in enumerate(script.steps):
            pace = manner(script, index).pace
            match step:
                case Say():
                    lines += [Speech(line, pace) for line in chain.from_iterable(step.wordings)]
                case Breathe():
                    lines += [Speech(step.in_word, pace), Speech(step.out_word, pace)]
                case Ask():
                    replies = (step.on_answer, step.on_silence, step.on_yes, step.on_no)
                    lines += [Speech(line) for line in (step.question, *chain.from_iterable(replies), *_of_flows(step))]
                case Rate() if step.question:
                    lines.append(Speech(step.question))
                case _:
                    pass
        lines += [Speech(line) for line in (script.summary, script.claim, *script.easier)]
    cards = repertoire.cards.cards if repertoire.cards is not None else ()
    lines += [Speech(line) for card in cards for line in (*card.text, card.sure)]
    return list(dict.fromkeys(lines))


def _of_flows(step: Ask) -> tuple[str, ...]:
    """What only a question of a flow can say."""
    match step:
        case Prompt():
            return (*step.easier, *((step.label,) if step.label else ()))
        case ReadBack():
            return (step.which,)
        case _:
            return ()


def ready_lines(library: Library) -> list[Speech]:
    """What is rendered ahead: the fixed lines, and those filled in with what is known before, which are the country's
    numbers and the answers to a question from zero to ten.
    """
    phrases, support = library.repertoire.phrases, library.support
    filled = [line for kind in Kind for line in compose_interrupt(kind, support, phrases, NOBODY_KNOWN)]
    filled += [*compose_support(support, phrases), *compose_texting(support.for_kind(None), phrases)]
    heard = phrases["rate.heard"]
    filled += [line.format(number=number.capitalize()) for number in phrases["spoken.numbers"] for line in heard]
    return list(dict.fromkeys([*fixed_lines(library), *map(Speech, filled)]))
