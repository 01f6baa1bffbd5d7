"""What works on this machine, what does not, and how to mend it."""

from __future__ import annotations

import argparse

from assistant.cli.given import code_of, remaining_settings_of
from assistant.cli.output import Style, add_json, print_json, styled

HELP = "look at devices, engines, models and support lines, and say how to mend what is degraded"
EXAMPLE = "grounding doctor\ngrounding doctor --live --loopback        # with a chime through the speaker"

_STYLES = {"ok": Style.GOOD, "degraded": Style.WARN, "missing": Style.BAD}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("--live", action="store_true", help="listen to the microphone for two seconds, too")
    parser.add_argument(
        "--loopback", action="store_true", help="and play one gentle chime, to measure its echo and its delay"
    )
    parser.add_argument(
        "--discover", action="store_true", help="and ask the network, for some seconds, which Wyoming servers there are"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Examine everything. Fails when something is missing that a conversation needs, or the settings have faults."""
    from assistant import app
    from assistant.app.findings import finding as found

    faulty: list[dict[str, object]] = []
    settings, left_out = remaining_settings_of(
        arguments,
        lambda hint: faulty.append(found("settings", "degraded", hint, "grounding check looks at them again")),
    )
    findings = faulty + app.doctor(settings, live=arguments.live, play=arguments.loopback, discover=arguments.discover)
    if arguments.json:
        print_json(findings)
    else:
        for finding in findings:
            state = str(finding["state"])
            detail = str(finding["detail"]).replace("\n", f"\n{'':<10}")
            print(f"{styled(f'{state:<9}', _STYLES.get(state, Style.STRONG))} {finding['name']}: {detail}")
            if finding.get("mend"):
                print(f"{'':<9} {finding['mend']}")
    return code_of(left_out) or int(any(finding["state"] == "missing" for finding in findings))
