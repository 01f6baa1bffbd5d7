"""The screen and the support that are left when the content that should hold them cannot be read.

A broken file must never leave a person unscreened, nor without a number. These patterns are few, plain and English;
they are listened for and never said.
"""

from __future__ import annotations

from assistant.safety.rules import Clauses, Rule, Rules
from assistant.safety.support import Line, Support
from assistant.safety.verdict import Kind, Level

MINIMAL_RULES = Rules(
    rules=(
        Rule(
            "minimal-suicide",
            Kind.SUICIDE,
            Level.HARD,
            (
                "(kill|killing|hang|hanging|shoot|shooting|drown|drowning) myself",
                "(end|ending|take|taking) my (own)? life",
                "(end|ending) it all",
                "(suicide|suicidal)",
                "(want|going|plan|planning|ready) to die",
                "(wanna|gonna) die",
                "wish i (was|were) dead",
                "better off (dead|without me)",
                "(don't|do not) want to (live|be alive|wake up|be here anymore)",
                "(took|taken|swallowed) (all|too many|a lot of)? (of)? (the|my)? (pills|tablets)",
                "overdose",
            ),
        ),
        Rule(
            "minimal-self-harm",
            Kind.SELF_HARM,
            Level.HARD,
            (
                "(cut|cutting|hurt|hurting|harm|harming|burn|burning) myself",
                "self (harm|harming)",
            ),
        ),
        Rule(
            "minimal-harm-to-others",
            Kind.HARM_TO_OTHERS,
            Level.HARD,
            (
                "(going|want|gonna|wanna) (to)? (kill|stab|shoot) (him|her|them|someone|somebody|my ...)",
                "(going|want|gonna) (to)? (hurt|harm) (someone|somebody|my (baby|child|children|kids|wife|husband))",
            ),
        ),
        Rule(
            "minimal-abuse",
            Kind.ABUSE,
            Level.HARD,
            (
                "(he|she|they) (hits|beats|hurts|is hurting|is hitting|is beating|raped) me",
                "(i'm being|i was|i've been) (raped|beaten|abused)",
                "(scared|afraid) (he|she|they) (will|might|is going to) (kill|hurt) me",
            ),
        ),
        Rule(
            "minimal-medical",
            Kind.MEDICAL,
            Level.HARD,
            (
                "(can't|can not) breathe at all",
                "chest (pain|hurts)",
                "(having|had) a (heart attack|stroke|seizure)",
                "(won't|can't) stop bleeding",
                "(he|she|they) (isn't|is not|stopped) breathing",
            ),
        ),
        Rule(
            "minimal-psychosis",
            Kind.PSYCHOSIS,
            Level.SOFT,
            ("voices ... (tell|telling|told) me", "(they're|they are) (watching|following|poisoning) me"),
        ),
        Rule(
            "minimal-overwhelm",
            Kind.OVERWHELM,
            Level.SOFT,
            ("can't (take|do) (this|it) (anymore|any more|any longer)", "no (reason|point) (to live|in living|living)"),
        ),
        Rule(
            "minimal-third-person",
            Kind.THIRD_PERSON,
            Level.HARD,
            ("(he|she|they|friend|brother|sister|son|daughter) ... (kill|killing) (himself|herself|themselves)",),
        ),
    ),
    negators=frozenset({"not", "never", "don't", "didn't", "won't", "wouldn't"}),
    clauses=Clauses(frozenset({"and", "but", "so", "i", "i'm", "i've", "he", "she", "they", "it's"})),
)

MINIMAL_SUPPORT = Support(
    country="ZZ",
    name="any country",
    emergency="112",
    lines=(
        Line(
            name="findahelpline.com",
            phone="",
            text="",
            web="https://findahelpline.com",
            hours="",
            languages=(),
            source="",
            checked="",
            confidence="low",
        ),
    ),
    review="unreviewed",
)
"""112 reaches the emergency service from a mobile phone in most countries (GSM 02.30); where it does not, a phone
usually forwards it to the local number."""
