"""The child process that sends: one JSON request in, one word out. The address comes on standard input, as what stands
on a command line can be read by others. Without a `body` it only says whether the address is one.
"""

from __future__ import annotations

import json
import sys

SENT, FAILED, MISFIT, MISSING = "sent", "failed", "misfit", "missing"


def main() -> str:
    """What became of it."""
    request = json.load(sys.stdin)
    try:
        import apprise
    except ImportError:
        return MISSING
    sender = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Grounding", app_desc="", app_url=""))
    if not sender.add(request["url"]) or len(sender) != 1:
        return MISFIT
    if "body" not in request:
        return SENT
    return SENT if sender.notify(body=request["body"]) else FAILED


if __name__ == "__main__":
    sys.stdout.write(main())
