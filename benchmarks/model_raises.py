"""What a language model adds to the screen when it is asked about danger (`llm.may_raise`).

python -m benchmarks.model_raises                  the model of your own settings, over the whole evaluation set
python -m benchmarks.model_raises --lines 200      an even sample of it
python -m benchmarks.model_raises --fake hard      a fake server that always says so: what the worst one costs

Only lines in which no layer of the screen hears anything are shown to it, as in a conversation. What counts as an
answer in time is `--seconds`. It can only add: the level of every line is the higher of the two, and SOFT at most where
the model alone hears danger.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.app.outside import build_model
from assistant.app.parts import build_screen, load_library
from assistant.asking import Asker
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.consulting import FEWEST_WORDS
from assistant.errors import AssistantError
from assistant.llm.model import Model
from assistant.llm.usage import Usage
from assistant.safety.screen import ScreenedText
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.settings import Settings
from assistant.settings_files import settings_files
from assistant.testing.fake_model_server import a_model_server
from assistant.understanding.learned import LearnedScreen
from assistant.understanding.training.exemplars import Exemplar, read_voices
from assistant.understanding.training.runs import REPORTING
from assistant.wilson import share

MOST_TOKENS = 100_000_000
"""This is no conversation: the cap of a day is not for it."""


def main() -> None:
    """The table, in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, help="so many, evenly taken; without it all")
    parser.add_argument("--seconds", type=float, help="an answer later than this is none; as in the settings")
    parser.add_argument("--fake", choices=("none", "soft", "hard"), help="no model: a server that always says so")
    given = parser.parse_args()
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    with _server(settings, given.fake) as asked:
        _report(asked, given.lines, given.seconds or asked.llm.window_seconds)


def _report(settings: Settings, most: int | None, seconds: float) -> None:
    library, learned = load_library(settings), LearnedScreen()
    screen = build_screen(library, learned)
    voices = read_voices()
    lines = [exemplar for name in REPORTING for exemplar in voices[name]]
    lines = lines[:: max(len(lines) // most, 1)] if most else lines
    shown: list[tuple[Exemplar, ScreenedText]] = []
    for line in lines:
        words = screen.screen(Transcript(line.text, Trust.TRUSTED, 1.0, "benchmark"))
        if words.verdict.level is Level.NONE and len(normalise(line.text)) >= FEWEST_WORDS:
            shown.append((line, words))
    asker = Asker("language model")
    with tempfile.TemporaryDirectory() as folder:
        usage = Usage(Path(folder) / "today.json", MOST_TOKENS)

        async def all_of_them() -> list[Level | None]:
            model = build_model(library, settings, learned, usage)
            return [await _judged(model, words, seconds) for _, words in shown]

        levels = asker.ask(all_of_them()).result()
        asker.close()
    answered = [(line, level) for (line, _), level in zip(shown, levels, strict=True) if level is not None]
    print(
        f"{len(lines)} lines, {len(shown)} of them shown to {settings.llm.model}, {len(answered)} answered in time.\n"
    )
    print("| of the lines it was shown | asked about because of it |\n|---|---|")
    for what, those in (
        ("dangerous, missed by the screen", [one for one in answered if not one[0].harmless]),
        ("harmless, but near danger", [one for one in answered if one[0].harmless and not one[0].everyday]),
        ("everyday talk", [one for one in answered if one[0].everyday]),
    ):
        print(f"| {what} | {share(sum(level is not Level.NONE for _, level in those), len(those))} |")


async def _judged(model: Model, words: ScreenedText, seconds: float) -> Level | None:
    """None: no answer in time, or none at all."""
    try:
        async with asyncio.timeout(seconds):
            return await model.danger(words)
    except (TimeoutError, AssistantError):
        return None


@contextmanager
def _server(settings: Settings, always: str | None) -> Iterator[Settings]:
    if always is None:
        yield settings
        return
    with a_model_server() as state:
        state.says = lambda request: json.dumps({"level": always})
        llm = replace(settings.llm, base_url=state.base_url, model=f"a fake that always says {always}")
        yield replace(settings, llm=llm)


if __name__ == "__main__":
    main()
