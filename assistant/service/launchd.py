"""The launchd agent of macOS: one property list from one plan."""

from __future__ import annotations

import plistlib
from pathlib import PurePath

from assistant.service.plan import LABEL, Plan

THROTTLE_SECONDS = 5
"""Between two starts; launchd's own is ten (launchd.plist(5))."""


def agent(plan: Plan, log: PurePath) -> bytes:
    """`~/Library/LaunchAgents/org.grounding-assistant.plist`. `log`: where what it prints goes; never words."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(plan.command),
            "EnvironmentVariables": {"PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1", **dict(plan.environment)},
            "RunAtLoad": True,
            "KeepAlive": True,
            "ThrottleInterval": THROTTLE_SECONDS,
            "ProcessType": "Interactive",
            "Umask": 0o077,
            "HardResourceLimits": {"Core": 0},
            "SoftResourceLimits": {"NumberOfFiles": 1024},
            "StandardOutPath": str(log),
            "StandardErrorPath": str(log),
        },
        sort_keys=False,
    )
