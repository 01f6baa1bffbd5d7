"""The question of `setup` about a better voice: its size and licence are told before anything is fetched."""

from __future__ import annotations

from assistant.app.asking import Aloud, Ask, Question, ask, yes
from assistant.app.better_voice import about, better, fetch_voice
from assistant.core.spoken_answers import Form
from assistant.settings import Settings


def ask_voice(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """Fetched here, where it is wanted. Raises EngineError and StoreError when it cannot be."""
    voice = better(settings)
    if voice is None:
        return {"voice.engine": settings.voice.engine}
    text = "\n".join((*about(voice), f"Shall I fetch it from {voice.source}? y or n."))
    shown = "no, the system's voice will do"
    if ask(Question(text, usual=False, shown=shown, read=yes, aloud=Aloud("voice", Form.YES_NO))):
        fetch_voice(settings, voice.id)
    return {"voice.engine": settings.voice.engine}
