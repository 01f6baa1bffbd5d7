"""A small repertoire whose phrases are their own names, so that a log reads like the code that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assistant.core.card_search import CardSearch, Wording
from assistant.core.cards import Card
from assistant.core.conversation import Conversation
from assistant.core.floor import TurnPolicy
from assistant.core.flows import Flow, FlowWording, Prompt
from assistant.core.number_spans import NumberWords
from assistant.core.past import Past
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.scenes.scene import Scene
from assistant.core.script import Ask, Bell, Breathe, Rate, Repertoire, Rest, Say, Script
from assistant.core.session import Session
from assistant.core.trusted import NOBODY, TrustedPerson
from assistant.core.understanding import Intent, Lexicon, State
from assistant.safety.rules import Rule, Rules
from assistant.safety.screen import RiskEstimator, Screen
from assistant.safety.support import Line, Support
from assistant.safety.verdict import Kind, Level

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class KeyedPhrases(Mapping[str, tuple[str, ...]]):
    """Every key exists and says itself."""

    def __getitem__(self, key: str) -> tuple[str, ...]:
        if key.startswith(("interrupt.acknowledge_", "interrupt.person_")):
            raise KeyError(key)
        special = {
            "spoken.digits": DIGITS[:10],
            "spoken.numbers": DIGITS,
            "rate.heard": ("rate.heard {number}",),
            "rate.confirm": ("rate.confirm {number}",),
            "interrupt.line": ("interrupt.line {line} {digits}",),
            "interrupt.line_unsure": ("interrupt.line_unsure {line} {digits}",),
            "interrupt.emergency": ("interrupt.emergency {emergency}",),
            "trusted.number": ("trusted.number {trusted} {digits}",),
            "trusted.ask": ("trusted.ask {trusted}",),
            "trusted.message": ("please call me",),
            "interrupt.barrier_message": ("interrupt.barrier_message {trusted}",),
            "about.remembered": ("about.remembered {times}",),
            "choosing.suggest": ("choosing.suggest {title}",),
            "choosing.offer_two": ("choosing.offer_two {first} or {second}",),
        }
        return special.get(key, (key,))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def script(name: str, family: str, *states: State) -> Script:
    """Speech, rest, a question, the number twice, breath tones and the end chime."""
    return Script(
        id=name,
        title=name.replace("-", " "),
        summary=f"{name} summary",
        family=family,
        states=states,
        claim=f"{name} claim",
        easier=(f"{name} easier",),
        steps=(
            Say("press", (f"{name} press one", f"{name} press two")),
            Rest("rest", 5.0),
            Rate("number-before", after=False),
            Ask("notice", f"{name} question?", 12.0, (f"{name} answered",), (f"{name} unanswered",)),
            Breathe("breathing", 3.0, 5.0, 0.5, 2, "In.", "Out."),
            Bell("end-chime", "end"),
            Rate("number-after", after=True),
        ),
        seconds=60.0,
    )


SCRIPTS = {
    s.id: s
    for s in (
        script("feet", "orienting", State.PANIC),
        script("senses", "senses", State.WORRY),
        script("breath", "breath", State.ANGER),
        script("words", "sleep", State.SLEEP),
    )
}

CHECK_INS = {
    "number": Script(
        "number", "just a number", "number summary", "check_in", (), "", (),
        (Rate("number", after=False, question="number?"),),
    ),
    "evening": Script(
        "evening", "the evening", "evening summary", "check_in", (), "", (),
        (
            Rate("number", after=False, question="number?"),
            Say("rest", ("evening rest",), 6.0),
            Ask("hard", "evening hard?", 10.0, ("evening counts",), ("evening no word",)),
            Ask("good", "evening good?", 10.0, ("evening answered",), (), ("evening yes",), ("evening no",)),
        ),
    ),
}  # fmt: skip

LEXICON = Lexicon(
    commands={intent: (intent.value.replace("_", " "),) for intent in Intent} | {Intent.CANT: ("i can't",)},
    states={State.PANIC: {"panicking": 1.0}, State.ANGER: {"angry": 1.0}, State.SLEEP: {"can't sleep": 1.0}},
    numbers=NumberWords(
        {word: float(value) for value, word in enumerate(DIGITS)},
        {"for": 4.0, "ate": 8.0},
        same=frozenset({"same"}),
        lower=frozenset({"better"}),
        higher=frozenset({"higher"}),
    ),
    fillers=frozenset({"um", "please"}),
)

RULES = Rules(
    rules=(
        Rule("intent", Kind.SUICIDE, Level.HARD, ("(want|going) to die",)),
        Rule("passive", Kind.SUICIDE, Level.SOFT, ("no point in living",)),
        Rule("chest", Kind.MEDICAL, Level.HARD, ("taken too many",)),
    ),
    negators=frozenset({"not", "don't"}),
)

SUPPORT = Support(
    country="GB",
    name="United Kingdom",
    emergency="999",
    lines=(Line("Samaritans", "116 123", "", "", "", ("en",), "test", "2026-08-08", "high"),),
    review="unreviewed",
)


def a_repertoire() -> Repertoire:
    """Four exercises; every state has an order."""
    order = dict.fromkeys(State, ("feet", "senses", "breath"))
    return Repertoire(
        language="en",
        scripts=SCRIPTS,
        order=order | {State.SLEEP: ("words", "feet"), State.ANGER: ("breath", "feet")},
        acute=frozenset({State.PANIC}),
        phrases=KeyedPhrases(),
        check_ins=CHECK_INS,
        recorded={name: f"recorded {name}" for name in ("voice-lost", "support")},
    )


def a_conversation(
    policy: TurnPolicy | None = None,
    *estimators: RiskEstimator,
    support_given: bool = False,
    check_in: str | None = None,
    past: Past = (),
    opening: Scene | None = None,
    trusted: TrustedPerson = NOBODY,
) -> Conversation:
    """A fresh sitting. `check_in`: it begins with this one; `opening`: or with this scene."""
    session = Session(a_repertoire(), SUPPORT, trusted, support_given=support_given, check_in="number", past=past)
    opening = CheckInScene(CHECK_INS[check_in], opens=True) if check_in is not None else opening
    return Conversation(session, Screen(RULES, estimators), LEXICON, policy, opening)


def with_cards_and_flows(conversation: Conversation) -> None:
    """One of each; "right now" tells of distress at this moment."""
    card = Card("tea", "about tea", (), ("tea one", "tea two"), "tea sure", "mixed", "feet", (), ())
    question = Prompt("thing", "think question?", 12.0, ("think answered",), (), keep="thing", label="The thing:")
    flow = Flow(Script("think", "thinking", "think summary", "flow", (), "", (), (question,)), ("think with me",))
    session = conversation.session
    session.repertoire = replace(
        session.repertoire,
        cards=CardSearch((card,), Wording(asking=("what is",))),
        flows={"think": flow},
        flow_wording=FlowWording(now=("right now",)),
    )
