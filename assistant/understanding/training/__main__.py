"""Trains the learned screen: `python -m assistant.understanding.training` (see `make train`).

train    both models, their thresholds, the record and the report on voices that took part in neither
tune     the same without training the encoder again
cross    every voice left out once, by turns; a line of JSON for each
curve    how recall grows with voices; a line of JSON for each size
check    near-duplicates, templates and borrowed lines among the exemplars
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from assistant.errors import AssistantError
from assistant.understanding.encoder import FOLDER
from assistant.understanding.training import check, runs, studies
from assistant.understanding.training.exemplars import FOLDER as EXEMPLARS
from assistant.understanding.training.exemplars import read_voices


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when done, 1 when it failed."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant.understanding.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["train", "tune", "cross", "curve", "check"])
    parser.add_argument("--exemplars", type=Path, default=EXEMPLARS, help="the folder of voices")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the models go")
    parser.add_argument("--epochs", type=int, default=None, help="fewer, for a quick look")
    given = parser.parse_args(arguments)
    try:
        voices = read_voices(given.exemplars)
        if given.what == "check":
            found = check.problems(voices)
            sys.stdout.writelines(f"{problem}\n" for problem in found)
            return 1 if found else 0
        if given.what in ("train", "tune"):
            record = (runs.train if given.what == "train" else runs.tune)(voices, given.out, given.epochs)
            sys.stdout.write(json.dumps(record, indent=1) + "\n")
        else:
            for row in (studies.curve if given.what == "curve" else studies.cross)(voices, given.epochs):
                sys.stdout.write(json.dumps(row) + "\n")
                sys.stdout.flush()
    except AssistantError as error:
        sys.stderr.write(f"{error.hint}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
