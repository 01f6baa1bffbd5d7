"""What `doctor` finds, one thing a part."""

from __future__ import annotations

Finding = dict[str, object]


def finding(name: str, state: str, detail: str, mend: str = "") -> Finding:
    """`state`: `ok`, `degraded` (help still comes) or `missing` (it does not). `mend`: what can be done about it."""
    return {"name": name, "state": state, "detail": detail, "mend": mend}
