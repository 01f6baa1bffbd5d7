"""The systemd user unit: one text from one plan. What its lines do: systemd.service(5) and systemd.exec(5)."""

from __future__ import annotations

from assistant.service.plan import DESCRIPTION, RESTART_SECONDS, Plan

WATCHDOG_SECONDS = 30
"""A conversation that has not come round for so long hangs. A beat comes every ten (`runtime/heartbeat.py`)."""
BACKS_OFF = 254
"""The first systemd that waits longer after each restart (RestartSteps= in systemd.service(5))."""

_UNIT = """\
# Written by `grounding service install`, which writes it anew; your own lines belong into a drop-in:
# systemctl --user edit grounding-assistant
[Unit]
Description={description}
# Whichever sound there is; none of them is needed, as devices are looked for again and again.
After=pipewire-pulse.service pulseaudio.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
WorkingDirectory=%h
Environment=PYTHONUNBUFFERED=1 PYTHONSAFEPATH=1
{environment}Restart=always
RestartSec={restart}
{backs_off}RestartPreventExitStatus=2
KillMode=mixed
TimeoutStartSec=120
TimeoutStopSec=5
WatchdogSec={watchdog}
# Not SIGABRT: a core dump would hold what was said.
WatchdogSignal=SIGKILL
LimitCORE=0
LimitNOFILE=1024
MemoryMax=75%
MemorySwapMax=0

# It reads the system and writes to its own folders.
PrivateUsers=yes
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={writable}
PrivateTmp=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
LockPersonality=yes
RestrictAddressFamilies={families}
UMask=0077

[Install]
WantedBy=default.target
"""
_BACKS_OFF = "RestartSteps=6\nRestartMaxDelaySec=60\n"


def unit(plan: Plan) -> str:
    """`~/.config/systemd/user/grounding-assistant.service`. In a command `$` is doubled too (systemd.service(5))."""
    return _UNIT.format(
        description=DESCRIPTION,
        command=" ".join(_quoted(part).replace("$", "$$") for part in plan.command),
        environment="".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in plan.environment),
        restart=RESTART_SECONDS,
        backs_off=_BACKS_OFF if plan.systemd >= BACKS_OFF else "",
        watchdog=WATCHDOG_SECONDS,
        writable=" ".join(_quoted(f"-{folder}") for folder in plan.writable),
        families="AF_UNIX AF_INET AF_INET6" if plan.network else "AF_UNIX",
    )


def _quoted(part: str) -> str:
    """As systemd.syntax(7) reads it: `%` means itself when it is doubled."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if set(part) & set(" \t'\"\\") else escaped
