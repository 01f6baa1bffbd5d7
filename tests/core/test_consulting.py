"""A language model beside the conversation: nothing waits for it, and nothing is asked that may not be."""

from __future__ import annotations

import pytest

from assistant.core.commands import AskModel, Command, HearElsewhere, Speak, StopPlayback, TakeBack
from assistant.core.conversation import Conversation
from assistant.core.events import (
    ModelChose,
    ModelSaid,
    OtherLost,
    PauseRequested,
    PlaybackStarted,
    StopRequested,
    SupportRequested,
    TranscriptReady,
)
from assistant.core.guard import GuardedSentence
from assistant.core.outside import Outside, Whose
from assistant.safety.transcript import Transcript, Trust
from tests.llm.saying import FAIR, SAID, screened, the_guard

from .stories import a_conversation, with_cards_and_flows
from .talk import Talk


def a_sentence() -> GuardedSentence:
    judged = the_guard().reflection(FAIR, screened(SAID))
    assert isinstance(judged, GuardedSentence)
    return judged


def with_others(outside: Outside) -> Conversation:
    conversation = a_conversation()
    conversation.session.outside = outside
    return conversation


def greeted(outside: Outside | None = None) -> Talk:
    """The greeting was heard to its end."""
    talk = Talk(with_others(outside or Outside(model=Whose.HERE)))
    talk.voice_finishes()
    return talk


def asked(commands: list[Command]) -> list[AskModel]:
    return [command for command in commands if isinstance(command, AskModel)]


def spoken(commands: list[Command]) -> list[str]:
    return [line for command in commands if isinstance(command, Speak) for line in command.timeline.captions()]


# What is told, and agreed to -----------------------------------------------------------------------------------------


def test_whose_computer_it_is_is_told_before_the_question() -> None:
    for whose in Whose:
        talk = Talk(with_others(Outside(model=whose, hearing=whose)))
        assert talk.speaks is not None
        told = talk.speaks.timeline.captions()
        assert told[1:3] == (f"outside.model_{whose}", f"outside.hearing_{whose}")
        assert ("outside.ask" in told) == (whose is Whose.ELSEWHERE)


def test_with_no_other_computer_the_greeting_is_as_ever(talk: Talk) -> None:
    assert talk.speaks is not None and talk.speaks.timeline.captions() == ("greeting.hello",)


def test_nothing_is_asked_before_it_was_heard_to_its_end_whose_it_is() -> None:
    talk = Talk(with_others(Outside(model=Whose.HERE, hearing=Whose.HERE)))
    talk.voice_reaches(0)
    assert not asked(talk.says("i'm panicking and shaking"))


@pytest.mark.parametrize("whose", [Whose.HERE, Whose.NETWORK])
def test_an_own_computer_is_used_once_it_was_told(whose: Whose) -> None:
    talk = Talk(with_others(Outside(model=whose, hearing=whose)))
    assert HearElsewhere(True) in talk.voice_finishes()
    assert asked(talk.says("i'm panicking and shaking"))


@pytest.mark.parametrize("answer", ["", "yes", "no", "keep here"])
def test_another_ones_computer_sees_nothing_without_a_clear_word(answer: str) -> None:
    talk = Talk(with_others(Outside(model=Whose.ELSEWHERE, hearing=Whose.ELSEWHERE)))
    assert HearElsewhere(False) in talk.voice_finishes()
    if answer:
        assert HearElsewhere(True) not in talk.says(answer)
    assert not asked(talk.says("i'm panicking and shaking"))


def test_a_clear_word_allows_it_for_this_sitting_and_another_takes_it_back() -> None:
    talk = greeted(Outside(model=Whose.ELSEWHERE, hearing=Whose.ELSEWHERE))
    agreed = talk.says("use others")
    assert HearElsewhere(True) in agreed and "outside.agreed" in spoken(agreed)
    talk.voice_finishes()
    assert HearElsewhere(False) in talk.says("keep here")
    talk.voice_finishes()
    assert not asked(talk.says("i'm panicking and shaking"))
    fresh = greeted(Outside(model=Whose.ELSEWHERE))
    assert not asked(fresh.says("i'm panicking and shaking")), "a new sitting asks anew"


def test_where_there_is_no_other_computer_its_words_say_so(talk: Talk) -> None:
    talk.voice_finishes()
    assert "outside.none" in spoken(talk.says("use others"))


# What is asked -------------------------------------------------------------------------------------------------------


def test_words_that_are_clear_are_asked_for_a_sentence_alone_and_unclear_ones_for_a_choice_too() -> None:
    (clear,) = asked(greeted().says("i'm panicking and shaking"))
    assert clear.options == () and clear.seconds == 1.5
    (unclear,) = asked(greeted().says("the kettle is whistling again"))
    ids = {option.id for option in unclear.options}
    assert {"state:panic", "exercise:feet", "none"} <= ids


def test_what_rules_an_exercise_out_holds_for_the_model_too() -> None:
    talk = greeted()
    talk.conversation.session.tried.append("feet")
    (unclear,) = asked(talk.says("the kettle is whistling again"))
    assert "exercise:feet" not in {option.id for option in unclear.options}


@pytest.mark.parametrize(
    "said",
    ["i want to die and i'm panicking", "no point in living i'm panicking", "goodbye", "who are you", "panicking"],
)
def test_a_signal_a_command_and_a_word_or_two_are_not_shown(said: str) -> None:
    assert not asked(greeted().says(said))


def test_after_a_hard_signal_nothing_of_the_sitting_is_shown_any_more() -> None:
    talk = greeted()
    talk.says("i want to die")
    assert talk.conversation.latched
    for words in ("i'm panicking and shaking", "something else please now", "the kettle is whistling again"):
        talk.voice_finishes()
        assert not asked(talk.says(words))
    assert talk.conversation.session.outside.closed


def test_after_support_that_a_question_about_safety_led_to_nothing_is_shown_either() -> None:
    talk = greeted()
    talk.says("no point in living")
    talk.voice_finishes()
    talk.says("yes")
    assert talk.conversation.latched and talk.conversation.session.outside.closed


def test_a_sitting_that_opens_with_support_shows_nothing() -> None:
    conversation = a_conversation(support_given=True)
    assert conversation.session.outside.closed


def test_the_model_is_asked_when_the_reviewed_words_begin_to_be_heard_and_not_before() -> None:
    for words in ("i'm panicking and shaking", "the kettle is whistling again"):
        talk = greeted()
        told = TranscriptReady(None, Transcript(words, Trust.TRUSTED, 1.0, "test"))
        decided = talk.conversation.receive(told, talk.now)
        (speak,) = [command for command in decided if isinstance(command, Speak)]
        assert not asked(decided)
        talk.now += 1.0
        (ask,) = asked(talk.hears(PlaybackStarted(speak.utterance_id)))
        assert not asked(talk.hears(PlaybackStarted(speak.utterance_id))), "once"
        talk.passes(1.4)
        talk.hears(ModelSaid(ask.ask_id, a_sentence()))
        talk.speaks = speak
        assert FAIR in spoken(talk.voice_finishes()), "its time counts from then"


def test_what_is_stopped_before_it_is_heard_is_never_asked() -> None:
    talk = greeted()
    told = TranscriptReady(None, Transcript("i'm panicking and shaking", Trust.TRUSTED, 1.0, "test"))
    (speak,) = [c for c in talk.conversation.receive(told, talk.now) if isinstance(c, Speak)]
    assert not [c for c in talk.hears(StopRequested("test")) if isinstance(c, TakeBack)]
    assert not asked(talk.hears(PlaybackStarted(speak.utterance_id)))


# What comes back -----------------------------------------------------------------------------------------------------


def test_a_sentence_in_time_joins_after_the_reviewed_words_and_before_the_exercise() -> None:
    talk = greeted()
    begun = talk.says("i'm panicking and shaking")
    assert spoken(begun) == ["choosing.lead.panic"], "the reviewed words begin at once"
    (ask,) = asked(begun)
    talk.passes(1.0)
    assert talk.hears(ModelSaid(ask.ask_id, a_sentence())) == []
    assert spoken(talk.voice_finishes()) == [FAIR]
    assert spoken(talk.voice_finishes())[0] == "feet press one"


def test_a_choice_in_time_leads_where_two_would_have_been_offered() -> None:
    talk = greeted()
    begun = talk.says("the kettle is whistling again")
    assert spoken(begun) == ["choosing.considering"]
    (ask,) = asked(begun)
    talk.hears(ModelChose(ask.ask_id, "state:anger"))
    talk.hears(ModelSaid(ask.ask_id, a_sentence()))
    assert spoken(talk.voice_finishes()) == [FAIR, "choosing.lead.anger"]
    assert spoken(talk.voice_finishes())[0] == "breath press one"


def test_an_exercise_can_be_chosen_by_its_id() -> None:
    talk = greeted()
    (ask,) = asked(talk.says("the kettle is whistling again"))
    talk.hears(ModelChose(ask.ask_id, "exercise:words"))
    talk.voice_finishes()
    assert spoken(talk.voice_finishes())[0] == "words press one"
    assert talk.conversation.session.tried == ["words"]


def suggested(choice: str) -> Talk:
    """A card or a flow was chosen, and is being offered."""
    conversation = with_others(Outside(model=Whose.HERE))
    with_cards_and_flows(conversation)
    talk = Talk(conversation)
    talk.voice_finishes()
    (ask,) = asked(talk.says("the kettle is whistling again"))
    talk.hears(ModelChose(ask.ask_id, choice))
    assert spoken(talk.voice_finishes())[0].startswith("choosing.suggest")
    talk.voice_finishes()
    return talk


@pytest.mark.parametrize(("choice", "scene"), [("card:tea", "card:tea"), ("flow:think", "flow:think")])
def test_a_card_or_a_flow_can_be_chosen_and_comes_after_a_clear_yes(choice: str, scene: str) -> None:
    talk = suggested(choice)
    talk.says("yes")
    assert talk.conversation.scene == scene


@pytest.mark.parametrize("choice", ["card:tea", "flow:think"])
@pytest.mark.parametrize("answer", ["", "no", "something else", "a lamp and a chair", "i can't"])
def test_without_a_yes_the_help_that_there_would_have_been_comes(choice: str, answer: str) -> None:
    talk = suggested(choice)
    said = talk.says(answer) if answer else talk.passes(8.0)
    assert spoken(said)[0].startswith("choosing.offer_two")


def test_a_doubtful_yes_to_what_a_model_chose_is_none() -> None:
    talk = suggested("card:tea")
    said = talk.hears(TranscriptReady(None, Transcript("yes", Trust.DOUBTFUL, 0.3, "test")))
    assert spoken(said)[0].startswith("choosing.offer_two")


def test_a_plea_instead_of_an_answer_is_helped_at_once() -> None:
    talk = suggested("flow:think")
    assert spoken(talk.says("i'm panicking and shaking")) == ["choosing.lead.panic"]


def test_in_distress_at_this_moment_no_card_and_no_flow_is_among_the_options() -> None:
    for words, among in (("the kettle is whistling again", True), ("the kettle whistles right now", False)):
        conversation = with_others(Outside(model=Whose.HERE))
        with_cards_and_flows(conversation)
        talk = Talk(conversation)
        talk.voice_finishes()
        (ask,) = asked(talk.says(words))
        ids = {option.id for option in ask.options}
        assert ({"card:tea", "flow:think"} <= ids) is among and "exercise:feet" in ids


def test_a_card_that_was_read_is_not_among_them_again() -> None:
    conversation = with_others(Outside(model=Whose.HERE))
    with_cards_and_flows(conversation)
    conversation.session.learned = ("tea",)
    talk = Talk(conversation)
    talk.voice_finishes()
    (ask,) = asked(talk.says("the kettle is whistling again"))
    assert "card:tea" not in {option.id for option in ask.options}


@pytest.mark.parametrize(
    "choice", ["none", "state:unsure", "exercise:unheard-of", "card:unheard-of", "flow:", "card:tea", "interrupt", ""]
)
def test_what_is_no_choice_leaves_the_offer_of_two(choice: str) -> None:
    talk = greeted()
    (ask,) = asked(talk.says("the kettle is whistling again"))
    talk.hears(ModelChose(ask.ask_id, choice))
    assert spoken(talk.voice_finishes())[0].startswith("choosing.offer_two")


@pytest.mark.parametrize("late_by", [0.0, 1.6])
def test_what_is_late_or_of_another_question_is_nothing(late_by: float) -> None:
    talk = greeted()
    (ask,) = asked(talk.says("i'm panicking and shaking"))
    talk.passes(late_by)
    talk.hears(ModelSaid(ask.ask_id + (0 if late_by else 1), a_sentence()))
    assert spoken(talk.voice_finishes())[0] == "feet press one"
    assert not spoken(talk.hears(ModelSaid(ask.ask_id, a_sentence()))), "nor is it said in the middle of an exercise"


@pytest.mark.parametrize("event", [StopRequested("key"), PauseRequested(), SupportRequested("key")])
def test_whatever_cuts_the_words_takes_the_question_back(
    event: StopRequested | PauseRequested | SupportRequested,
) -> None:
    talk = greeted()
    (ask,) = asked(talk.says("i'm panicking and shaking"))
    cut = talk.hears(event)
    assert TakeBack() in cut and StopPlayback() in cut
    talk.hears(ModelSaid(ask.ask_id, a_sentence()))
    talk.voice_finishes() if talk.speaks else None
    talk.passes(5.0)
    assert FAIR not in spoken(talk.voice_finishes() if talk.speaks else [])


def test_a_hard_signal_takes_the_question_back() -> None:
    talk = greeted()
    (ask,) = asked(talk.says("i'm panicking and shaking"))
    assert TakeBack() in talk.says("i want to die")
    talk.hears(ModelSaid(ask.ask_id, a_sentence()))
    talk.voice_finishes()
    assert talk.conversation.latched and not spoken(talk.hears(ModelChose(ask.ask_id, "state:panic")))


def test_a_model_that_is_lost_is_told_between_two_sentences_and_the_exercise_comes() -> None:
    talk = greeted()
    talk.says("i'm panicking and shaking")
    talk.voice_reaches(0)
    assert not spoken(talk.hears(OtherLost("model", "model-key")))
    said = spoken(talk.voice_finishes())
    assert said == ["failures.model-lost"]
    assert spoken(talk.voice_finishes())[0] == "feet press one"
