"""`grounding check`: every content file, resource, sound and the configuration; all faults at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from assistant.config import Names, settings_faults
from assistant.content.cards import read_card_wording, read_cards
from assistant.content.check_ins import read_check_ins
from assistant.content.countries import UNKNOWN, country_codes, load_countries, load_regions, read_country
from assistant.content.exercises import read_exercises, read_references
from assistant.content.flows import read_flow_wording, read_flows
from assistant.content.gates.assets import chime_faults, recording_faults, sound_faults
from assistant.content.gates.cards import card_faults, shelf_faults
from assistant.content.gates.check_ins import check_in_faults
from assistant.content.gates.coverage import coverage_faults, sameness_faults
from assistant.content.gates.exercises import exercise_faults
from assistant.content.gates.fitness import fitness_faults
from assistant.content.gates.flows import flow_faults, flows_faults
from assistant.content.gates.interrupt import interrupt_faults
from assistant.content.gates.listening import safety_faults, understanding_faults
from assistant.content.gates.model_words import model_words_faults
from assistant.content.gates.phrases import phrases_faults
from assistant.content.gates.rehearsal import dead_ends, flows_dead_ends
from assistant.content.gates.review import review_faults
from assistant.content.gates.setup_words import setup_words_faults
from assistant.content.gates.support import support_faults
from assistant.content.guarding import guard_of
from assistant.content.library import languages
from assistant.content.listening import read_safety, read_understanding
from assistant.content.model_words import path_of as model_path
from assistant.content.model_words import read_model_words
from assistant.content.own import own_exercises, unread_files
from assistant.content.phrases import read_phrases
from assistant.content.setup_words import read_setup_words, setup_words_path
from assistant.content.voices import read_voices
from assistant.faults import Fault
from assistant.safety.screen import Screen
from assistant.settings_files import as_written


def check_content(root: Path, configs: list[Path], today: datetime.date, own: Path | None = None) -> list[Fault]:
    """Every fault and warning under `root`, in the configuration files, and in the person's own scripts below `own`, in
    reading order.
    """
    known = languages(root)
    found = [*settings_faults(configs, _names(root, known, configs)), *sound_faults(root)]
    if not known:
        found.append(Fault(root / "scripts", 1, 1, "no language has a phrases.yaml", "add one"))
    for language in known:
        found += _language(root, language)
        if own is not None:
            own_exercises(root, own, language, found)
            found += unread_files(own, language)
    found += _countries(root, today, known[0] if known else "en")
    return sorted(set(found), key=lambda fault: fault.order)


def _names(root: Path, known: list[str], configs: list[Path]) -> Names:
    """What the settings may name: a language, and a check-in in it, sound or not."""
    language = as_written(configs).get("language")
    if language not in known:
        return {"language": known}
    check_ins = (root / "scripts" / str(language) / "checkins").glob("*.yaml")
    return {"language": known, "check_in": sorted(path.stem for path in check_ins)}


def _language(root: Path, language: str) -> Iterator[Fault]:
    faults: list[Fault] = []
    references = read_references(root, language, faults)
    exercises = read_exercises(root, language, faults)
    understanding = read_understanding(root, language, faults)
    check_ins = read_check_ins(root, language, faults)
    phrases = read_phrases(root, language, faults)
    safety = read_safety(root, language, faults)
    read_voices(root, language, faults)
    cards = read_cards(root, language, faults)
    card_wording = read_card_wording(root, language, faults) if cards else None
    flows = read_flows(root, language, faults)
    flow_wording = read_flow_wording(root, language, faults) if flows else None
    model_words = read_model_words(root, language, faults) if model_path(root, language).is_file() else None
    setup = read_setup_words(root, language, faults) if setup_words_path(root, language).is_file() else None
    yield from faults
    yield from setup_words_faults(setup, language) if setup is not None else ()
    acute = understanding.understanding.acute if understanding else ()
    for exercise in exercises.values():
        yield from exercise_faults(exercise, references, acute)
        yield from fitness_faults(exercise)
    yield from sameness_faults(exercises.values())
    yield from chime_faults(root, exercises.values())
    for card in cards.values():
        yield from card_faults(card, references, exercises, safety.rules if safety else None)
    yield from shelf_faults(cards, card_wording)
    for check_in in check_ins.values():
        yield from check_in_faults(check_in, phrases)
    for flow in flows.values():
        yield from flow_faults(flow, safety.rules if safety else None)
    yield from flows_faults(flows, understanding.lexicon if understanding else None)
    if understanding is not None:
        broken = {fault.path.stem for fault in faults} - exercises.keys()
        yield from understanding_faults(understanding, exercises, broken)
        yield from coverage_faults(understanding, exercises)
    if phrases is not None:
        own = list(phrases_faults(phrases, language))
        yield from own
        yield from review_faults(phrases.marked, references)
        yield from recording_faults(root, phrases, language)
        if not faults and not own:
            countries = load_countries(root, []) | load_regions(root)
            yield from interrupt_faults(phrases, language, countries)
            if understanding is not None and countries:
                support = next(iter(countries.values()))
                yield from dead_ends(exercises, check_ins, understanding, phrases, support)
                yield from flows_dead_ends(flows, flow_wording, exercises, understanding, phrases, support)
    if safety is not None:
        yield from safety_faults(safety)
        yield from review_faults(safety.marked, references)
    if model_words is not None and safety is not None and understanding is not None:
        screen = Screen(safety.rules)
        guard = guard_of(model_words, card_wording, understanding.lexicon, safety.rules, screen)
        yield from model_words_faults(model_words, guard)


def _countries(root: Path, today: datetime.date, language: str) -> Iterator[Fault]:
    codes = country_codes(root)
    if UNKNOWN not in codes:
        mend = "add it: it holds what is said where the country is not known"
        yield Fault(root / "scripts" / "resources" / f"{UNKNOWN}.yaml", 1, 1, "the file is missing", mend)
    faults: list[Fault] = []
    for code in codes:
        source = read_country(root, code, faults)
        if source is not None:
            yield from support_faults(source, today, language)
    yield from faults
