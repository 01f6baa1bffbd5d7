"""YAML as plain data that remembers where everything stands.

Scalars are read as YAML 1.2 does: only `true` and `false` are truth values, so that `no`, `on` and the country `NO`
stay words; keys are always words. Places are looked up in the parsed tree only when there is something to tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from assistant.faults import Fault, nearest

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")
Place = Sequence[str | int]
"""Keys and indices from the top of a file down."""
Problem = tuple[Place, str, str]
"""Where, what and the mend."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


class _Composer(_Loader):  # type: ignore[misc] # the C loader has no stubs
    """Composes nodes; tags are not resolved here, since `_scalar` decides by the text."""

    def resolve(self, *_: object) -> str:
        """Of each node's kind and text: no tag."""
        return ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A file's `data`, and the tree it came from."""

    path: Path
    data: Any
    root: yaml.Node | None

    def at(self, place: Place) -> tuple[int, int]:
        """Line and column, from 1, of the deepest part of `place` that exists: of its key, in a mapping."""
        if self.root is None:
            return 1, 1
        node, mark = self.root, self.root.start_mark
        for step in place:
            found = _child(node, step)
            if found is not None:
                node, mark = found
        return mark.line + 1, mark.column + 1

    def fault(self, place: Place, what: str, mend: str) -> Fault:
        """A fault at `place`."""
        return Fault(self.path, *self.at(place), what, mend)


def read_yaml(path: Path, faults: list[Fault]) -> Marked | None:
    """The file, or None with a fault. A key given twice is a fault too, as the first one would be lost silently."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.append(Fault(path, 1, 1, "the file is missing", "add it, or install again"))
        return None
    except IsADirectoryError:
        faults.append(Fault(path, 1, 1, "this is a folder", "name a file"))
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        faults.append(Fault(path, 1, 1, f"the file cannot be read: {reason}", "save it as UTF-8 text you may read"))
        return None
    return parse_yaml(path, text, faults)


def parse_yaml(path: Path, text: str, faults: list[Fault]) -> Marked | None:
    """As `read_yaml`, of text already at hand."""
    found: list[Fault] = []
    loader = _Composer(text)
    try:
        root = loader.get_single_node()
        data = _plain(root, path, found, ()) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join(str(part) for part in (error.context, error.problem) if part)
        mend = (
            "use spaces instead of tabs"
            if "\t" in "".join(text.splitlines()[line - 1 : line])
            else _mend_syntax(problem)
        )
        faults.append(Fault(path, line, column, f"this is not YAML: {problem}", mend))
        return None
    except yaml.YAMLError as error:
        what = f"this is not YAML: {str(error).splitlines()[0]}"
        faults.append(Fault(path, 1, 1, what, "remove the unreadable character"))
        return None
    finally:
        loader.dispose()
    faults.extend(found)
    return None if found else Marked(path, data, root)


def validated(marked: Marked, adapter: TypeAdapter[T], faults: list[Fault], within: Place = ()) -> T | None:
    """The data (below `within`) as the adapter's type, or None with one fault for each thing that does not fit."""
    data = marked.data
    for step in within:
        data = data[step]
    problems: list[Problem] = []
    checked = conforming(data, adapter, problems)
    for place, what, mend in problems:
        faults.append(marked.fault((*within, *place), what, mend))
    return checked


def conforming(data: object, adapter: TypeAdapter[T], problems: list[Problem]) -> T | None:
    """The data as the adapter's type, or None with every problem."""
    from pydantic import ValidationError

    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        problems += [_explained(detail, adapter) for detail in error.errors(include_url=False, include_input=False)]
        return None


TAG = "kind:"
"""Begins the name of every union tag, to tell it from a key: pydantic's places hold tags, and files do not."""

_MENDS = {
    "string_type": "write text; put a number in quotes",
    "literal_error": "use one of these",
    "enum": "use one of these",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "float_parsing": "write a number",
    "float_type": "write a number",
}
_LIST = ("is no list", "write a list: [this, that]")
_SECTION = ("needs keys under it", "write keys and values, one a line")
_WHOLE = ("is no whole number", "write a whole number")
_IN_OTHER_WORDS = {
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _SECTION,
    "model_type": _SECTION,
    "dataclass_type": _SECTION,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
}
"""Where what pydantic says is about Python: "a dictionary or an instance of Voice"."""


def _explained(detail: ErrorDetails, adapter: TypeAdapter[T]) -> Problem:
    """What pydantic found, in a reader's words."""
    place = tuple(step for step in detail["loc"] if not (isinstance(step, str) and step.startswith(TAG)))
    shown = ".".join(str(step) for step in place) or "the file"
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            likely = nearest(str(place[-1]), _keys(adapter))
            mend = f"did you mean {likely[0]!r}?" if likely and likely[0] != place[-1] else "remove it"
            return place, f"{shown} is not a key known here", mend
        case "missing":
            return place, f"{shown} is missing", "add it"
        case "value_error" | "assertion_error":
            what, _, mend = detail["msg"].partition(", ")[2].partition("; ")
            return place, f"{shown}: {what}", mend or "change it"
        case kind if kind in _IN_OTHER_WORDS:
            what, mend = _IN_OTHER_WORDS[kind]
            return place, f"{shown} {what}", mend
        case other:
            message = detail["msg"]
            return place, f"{shown}: {message[:1].lower()}{message[1:]}", _MENDS.get(other, "change it")


def _keys(adapter: TypeAdapter[T]) -> set[str]:
    """Every key the file may have, at any depth."""
    schema = adapter.json_schema()
    objects = [schema, *schema.get("$defs", {}).values()]
    return {key for part in objects for key in part.get("properties", {})}


def _plain(node: yaml.Node, path: Path, faults: list[Fault], above: tuple[int, ...]) -> Any:
    """A node as dict, list, str, int, float, bool or None."""
    if isinstance(node, yaml.ScalarNode):
        # The C loader writes a plain style as "", the Python one as None.
        try:
            return node.value if node.style else _scalar(node)
        except ValueError:  # Python reads no number of more than 4,300 digits
            faults.append(_fault_at(path, node, "this number is too long", "write a shorter one"))
            return None
    if id(node) in above:
        faults.append(_fault_at(path, node, "this refers to itself", "write it out"))
        return None
    above = (*above, id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path, faults, above) for item in node.value]
    data: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.append(_fault_at(path, key, "a key must be a word", "put it in quotes"))
        elif key.value in data:
            faults.append(_fault_at(path, key, f"{key.value!r} is here twice", "keep one of them"))
        else:
            data[key.value] = _plain(value, path, faults, above)
    return data


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if text[0] in "+-.0123456789":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
    return text


def _fault_at(path: Path, node: yaml.Node, what: str, mend: str) -> Fault:
    return Fault(path, node.start_mark.line + 1, node.start_mark.column + 1, what, mend)


def _mend_syntax(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "put the text in quotes: it holds a colon and a space"
    return "look at the quotes, colons and spaces here and on the line before"


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Mark] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        item = node.value[step]
        return item, item.start_mark
    return None
