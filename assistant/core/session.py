"""What a conversation knows of this sitting. Numbers and names of exercises; none of the person's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.core.cards import Card
from assistant.core.commands import Record
from assistant.core.outside import Outside
from assistant.core.past import Forgetting, Past
from assistant.core.preference import Reason, preferred, why_this
from assistant.core.script import STATE_CAUTIONS, Caution, Repertoire, Script
from assistant.core.trusted import NOBODY, Sending, TrustedPerson
from assistant.core.understanding import State
from assistant.safety.support import Support
from assistant.safety.verdict import Kind

PACE_STEP = 0.88
"""One "slower". Below about 0.9 speech turns stop-start, so the floor is near one step (content.md section 2)."""
PACE_FLOOR, PACE_CEILING = 0.75, 1.3
GAIN_STEP_DB = 4.0
"""Clearly louder or softer, without startling."""
GAIN_FLOOR_DB, GAIN_CEILING_DB = -12.0, 8.0
ROSE_BY = 2.0
"""A number this much higher than before leads towards a person (content.md section 2)."""
EXTREME = 9.0
"""With a number this high, a soft signal is enough for support."""
SILENCES = 2
"""Unanswered questions after which no more are asked."""
HIGH = 8.0
"""A number at which a person is better company than a program (content.md section 2)."""


@dataclass(slots=True)
class Session:
    """Owned by the conversation; scenes read and change it."""

    repertoire: Repertoire
    support: Support
    trusted: TrustedPerson = NOBODY
    typed: bool = False
    cautions: set[Caution] = field(default_factory=set)
    """What the person said they had better not do, and what this sitting has shown."""
    wording: int = 0
    """Which of their wordings the exercises have this time: the tenth time is not to sound like the first."""
    check_in: str = ""
    """The check-in that is meant where none is named."""
    began: datetime | None = None
    """When this sitting began, with its time zone; None: not known, and days are not counted."""
    pause_after_seconds: float = 1800.0
    greeting_seconds: float = 8.0
    """After the greeting; then help begins by itself."""
    started: float = 0.0
    """Seconds on the conversation's clock, as `now` is."""
    now: float = 0.0
    done: int = 0
    """Exercises performed to their end."""
    told: tuple[State, ...] = ()
    """What was said to be going on, each time it was said."""
    acute: bool = False
    """Whether something acute was among it."""
    named: frozenset[str] = frozenset()
    """Patterns that were named: once is enough."""
    reassured: int = 0
    state: State = State.UNSURE
    before: float | None = None
    after: float | None = None
    tried: list[str] = field(default_factory=list)
    switches: int = 0
    silences: int = 0
    pace: float = 1.0
    gain_db: float = 0.0
    input_over: bool = False
    soft_signals: int = 0
    kind: Kind | None = None
    """What the last concern or interrupt was about."""
    support_given: bool = False
    """A sitting not long ago ended with the interrupt."""
    at: int = 0
    """The segment of the current utterance being heard."""
    past: Past = ()
    """What earlier sittings came to, where it is remembered."""
    prefers: bool = True
    """Whether what helped before comes sooner, and what made it worse later."""
    chosen: str | None = None
    """The exercise that the person chose themselves."""
    remembers: bool = False
    """Whether this sitting is noted."""
    hears_words: bool = True
    """Whether free speech is understood, and not set phrases only."""
    exports: bool = False
    """Whether the person named a file for what they say in a flow."""
    learned: tuple[str, ...] = ()
    """Cards that were read, by id, each time."""
    later: Card | None = None
    """Asked about while something else came first."""
    messages: int = 0
    """Messages to the trusted person that were confirmed: the last one's id."""
    sending: Sending | None = None
    """How the last one stands, until that was said; None: there is nothing to say of it."""
    outside: Outside = field(default_factory=Outside)
    """Other computers that may be asked."""
    unrecorded: Record | None = None
    """The exercise that is going on, or was until a moment ago. It is recorded when the next thing begins, so that a
    person who was cut off can still change what is written."""

    def lines(self, key: str, **values: str) -> tuple[str, ...]:
        """The phrases under `key`, filled in."""
        return tuple(line.format(**values) for line in self.repertoire.phrases[key])

    def record(self) -> tuple[Record, ...]:
        """What has come to an end and is not yet recorded: given once."""
        done, self.unrecorded = self.unrecorded, None
        return () if done is None else (done,)

    def forget(self, what: Forgetting) -> None:
        """What is gone from the memory changes nothing here either. "That" is of this sitting, as a rule."""
        if what is Forgetting.EVERYTHING:
            self.past = ()
        elif what is Forgetting.TODAY and self.began is not None:
            today = (self.began + timedelta(seconds=self.elapsed)).date()
            self.past = tuple(entry for entry in self.past if entry.ended.date() < today)

    def turn_to(self, state: State) -> None:
        """What is going on, as the person says now. What rules exercises out does so for the whole sitting."""
        self.state = state
        self.acute |= state in self.repertoire.acute
        if (caution := STATE_CAUTIONS.get(state)) is not None:
            self.cautions.add(caution)

    def begin_again(self) -> None:
        """The sitting begins now, after a wait."""
        if self.began is not None:
            self.began += timedelta(seconds=self.elapsed)
        self.started = self.now

    @property
    def elapsed(self) -> float:
        """Seconds since the sitting began."""
        return self.now - self.started

    def lead(self) -> tuple[str, ...]:
        """The sentence between hearing and helping."""
        return self.lines(f"choosing.lead.{self.state}")

    @property
    def fitting(self) -> Support:
        """The few ways to people that fit what is known."""
        return self.support.for_kind(self.kind)

    @property
    def trusted_name(self) -> str:
        """How the trusted person is named aloud. In danger from someone no name is said: it may be theirs."""
        named = self.trusted.name and self.kind is not Kind.ABUSE
        return self.trusted.name if named else self.lines("trusted.nameless")[0]

    @property
    def signals_add_up(self) -> bool:
        """Whether one more soft signal is more than a question can carry."""
        return self.soft_signals > 1 or max(self.before or 0.0, self.after or 0.0) >= EXTREME

    @property
    def silent(self) -> bool:
        """Nothing more is asked: silence is a fine answer."""
        return self.silences >= SILENCES

    @property
    def questions_left(self) -> int:
        """How many are still asked when none is answered."""
        return max(SILENCES - self.silences, 0)

    @property
    def needs_person(self) -> bool:
        """The number after is high, or rose."""
        if self.after is None:
            return False
        return self.after >= HIGH or (self.before is not None and self.after >= self.before + ROSE_BY)

    def next_script(self, other_than_family: str | None = None) -> Script | None:
        """The best exercise not yet tried for this state, from another family when asked; then for any state. One that
        is not meant for a number as the last one comes after those that are.
        """
        orders = self.repertoire.order
        order = preferred(orders[self.state], orders[State.UNSURE], self.state, self.experience)
        scripts = [self.repertoire.scripts[name] for name in order if name not in self.tried]
        fitting = [
            script
            for script in scripts
            if self.cautions.isdisjoint(script.avoid_if) and script.family != other_than_family
        ]
        return min(fitting, key=lambda script: not self._meant_for_it(script), default=None)

    def _meant_for_it(self, script: Script) -> bool:
        number = self.before if self.after is None else self.after
        lowest, highest = script.intensity
        return number is None or lowest <= number <= highest

    @property
    def experience(self) -> Past:
        """What may change the order of exercises; nothing, where that is not wanted."""
        return self.past if self.prefers else ()

    def why_this(self, script: Script) -> Reason:
        """The honest reason why it is this one."""
        if script.id == self.chosen:
            return Reason.CHOSEN
        order = [self.repertoire.scripts[name] for name in self.repertoire.order[self.state]]
        return why_this(script, order, self.state, self.experience, self.cautions)

    def change_pace(self, factor: float) -> None:
        """Slower or faster, within what the voice can bear."""
        self.pace = min(max(self.pace * factor, PACE_FLOOR), PACE_CEILING)

    def change_gain(self, decibels: float) -> None:
        """Louder or softer, bounded."""
        self.gain_db = min(max(self.gain_db + decibels, GAIN_FLOOR_DB), GAIN_CEILING_DB)

    def spoken_number(self, number: float) -> str:
        """A number from zero to ten as a word; halves are said as the next whole one."""
        return self.repertoire.phrases["spoken.numbers"][min(int(number + 0.5), 10)]
