#!/bin/sh
# Installs the grounding assistant for you on Raspberry Pi OS (64-bit, Bookworm or Trixie, Lite too) or plain Debian.
# Run it again to upgrade: your data is saved first, and the old program goes only when the new one works.
set -eu

usage() {
    cat <<'USAGE'
usage: packaging/install-pi.sh [options]
  --wheel FILE    install this wheel; without it the checkout that holds this script is installed
  --answers FILE  answers for 'grounding setup', shaped as config.yaml
  --defaults      ask nothing in 'grounding setup'
  --no-setup      leave 'grounding setup' and the service for later
  --yes           do not ask before anything is changed
  --dry-run       say what would be done, and do nothing
  --uninstall     remove the program; your data stays, unless you say otherwise
  --purge         with --uninstall: remove your data too
USAGE
}

here="$(cd "$(dirname "$0")" && pwd)"
source="$(dirname "$here")"
program="${GROUNDING_HOME:-$HOME/.local/opt/grounding-assistant}"
link="$HOME/.local/bin/grounding"
config="${XDG_CONFIG_HOME:-$HOME/.config}/grounding-assistant"
data="${XDG_DATA_HOME:-$HOME/.local/share}/grounding-assistant"
state="${XDG_STATE_HOME:-$HOME/.local/state}/grounding-assistant"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/grounding-assistant"
backups="$HOME/grounding-backups"
board="${GROUNDING_BOARD:-/proc/device-tree/model}"
least_memory=400 # MB: 200 while it listens (grounding bench), and the system's
least_disk=1500  # MB: 650 for the program, 165 for rendered lines, and twice the program while it is upgraded

wheel="" answers="" defaults="" setup=yes yes="" dry="" uninstall="" purge=""
while [ $# -gt 0 ]; do
    case "$1" in
    --wheel | --answers)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        if [ "$1" = --wheel ]; then wheel="$2"; else answers="$2"; fi
        shift
        ;;
    --defaults) defaults=yes ;;
    --no-setup) setup="" ;;
    --yes) yes=yes ;;
    --dry-run) dry=yes ;;
    --uninstall) uninstall=yes ;;
    --purge) purge=yes ;;
    --help | -h) usage; exit 0 ;;
    *) echo "There is no option $1." >&2; usage >&2; exit 2 ;;
    esac
    shift
done

step() { echo; echo "== $*"; }
fail() { echo "$*" >&2; echo "Nothing was changed." >&2; exit 1; }
run() { if [ -n "$dry" ]; then echo "would run: $*"; else "$@"; fi; }
agreed() { # question, answer where nobody is there
    if [ ! -t 0 ]; then [ "$2" = y ]; return; fi
    printf '%s [y/n] ' "$1"
    read -r answer || answer=n
    [ "$answer" = y ] || [ "$answer" = yes ]
}

remove_program() {
    step "The program, in $program and $link"
    if [ -x "$link" ] && "$link" service --help >/dev/null 2>&1; then run "$link" service uninstall || true; fi
    for old in "$program"/20*; do
        if [ -d "$old" ]; then run rm -rf "$old"; fi
    done
    if [ -L "$program/current" ]; then run rm -f "$program/current"; fi
    if [ -d "$program" ]; then run rmdir --ignore-fail-on-non-empty "$program"; fi
    if [ -L "$link" ]; then run rm -f "$link"; fi
    step "Rendered lines and other sounds that can be made again, in $cache"
    run rm -rf "$cache"
    step "Your settings, history and notes, in $config, $data and $state"
    if [ -n "$purge" ] || { [ -z "$yes" ] && agreed "Remove them for good?" n; }; then
        run rm -rf "$config" "$data" "$state"
        if [ -d "$backups" ]; then echo "Backups of them stay in $backups."; fi
    else
        echo "They stay. To remove them: $0 --uninstall --purge"
    fi
}

if [ -n "$uninstall" ]; then
    remove_program
    exit 0
fi

step "Looking at this machine; nothing is changed yet"
machine="$(uname -m)"
case "$machine" in
aarch64 | arm64 | x86_64) ;;
*) fail "This processor or system is $machine; a 64-bit one is needed. On a Raspberry Pi: install Raspberry Pi OS (64-bit)." ;;
esac
# A 64-bit kernel may carry a 32-bit system, as Raspberry Pi OS (32-bit) does on a Pi 4.
[ "$(getconf LONG_BIT)" = 64 ] || fail "This system is 32-bit, though its kernel is not. Install Raspberry Pi OS (64-bit)."
command -v apt-get >/dev/null 2>&1 || fail "This is neither Debian nor Raspberry Pi OS. Elsewhere: pipx install grounding-assistant"
check_python() {
    version="$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    case "$version" in
    3.11 | 3.13) ;;
    3.12)
        [ "$machine" = x86_64 ] || fail "On Arm the recogniser comes for Python 3.11 and 3.13 only; this is $version. \
Debian and Raspberry Pi OS have those."
        ;;
    *) fail "Python 3.11, 3.12 or 3.13 is needed; this is $version. Raspberry Pi OS Bookworm or Trixie has one." ;;
    esac
    echo "Python $version"
}
if command -v python3 >/dev/null 2>&1; then check_python; else echo "Python is not there yet; it is installed"; fi
memory=$(($(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE) / 1048576))
[ "$memory" -ge "$least_memory" ] || fail "This machine has $memory MB of memory; $least_memory are needed."
disk=$(($(df -Pk "$HOME" | awk 'NR == 2 { print $4 }') / 1024))
[ "$disk" -ge "$least_disk" ] || fail "$HOME has $disk MB free; $least_disk are needed. Remove something first."
echo "$machine, $memory MB of memory, $disk MB free on the disk"
if [ -n "$wheel" ] && [ ! -f "$wheel" ]; then fail "There is no wheel $wheel."; fi
if [ -n "$answers" ] && [ ! -f "$answers" ]; then fail "There is no file of answers $answers."; fi
if [ -z "$wheel" ] && [ ! -f "$source/pyproject.toml" ]; then fail "This script stands in no checkout: give it --wheel FILE."; fi

cat <<PLAN

This will: install PortAudio, eSpeak NG and Python's venv from the system's packages, with sudo where they are missing, and
on a Raspberry Pi what speaks to its pins;
put the program into $program and a link to it into $link;
ask you a few questions, and render every line that is said ahead of time.
The program's own packages come from the network now; it needs none afterwards.
PLAN
if [ -z "$yes$dry" ] && ! agreed "Go on?" y; then echo "Nothing was changed."; exit 0; fi

step "System packages"
run "$here/system-packages" run
[ -n "$dry" ] || check_python >/dev/null
pins="" shared=""
case "$(tr -d '\0' 2>/dev/null <"$board" || true)" in
"Raspberry Pi"*)
    pins=",pi"
    # Trixie's Python has no wheel of lgpio, which speaks to the pins. Then it is the system's, and seen from inside.
    if [ "${version:-}" = 3.13 ]; then
        shared="--system-site-packages"
        run "$here/system-packages" pins || echo "Without it a button and a light on the pins do not work; all else does."
    fi
    ;;
esac

if [ -e "$config" ] || [ -e "$data" ]; then
    step "A copy of your settings and data, in $backups"
    saved="$backups/$(date +%Y-%m-%d-%H%M%S).tar.gz"
    set -- # the folders that are there
    for folder in "$config" "$data" "$state"; do
        if [ -e "$folder" ]; then set -- "$@" "$folder"; fi
    done
    run mkdir -p "$backups"
    run chmod 700 "$backups"
    # Fetched voices and models are large, and can be fetched again.
    run tar -czPf "$saved" --exclude "$data/voices" --exclude "$data/model" "$@"
    [ -n "$dry" ] || chmod 600 "$saved"
fi

step "The program"
new="$program/$(date +%Y-%m-%d-%H%M%S)"
run mkdir -p "$program"
what="${wheel:-$source}"
# What it needs is installed for it alone, also where the system's packages are seen.
# shellcheck disable=SC2086 # no word, or one
if ! run python3 -m venv $shared "$new" ||
    ! run "$new/bin/pip" install --quiet --disable-pip-version-check --ignore-installed "${what}[aec$pins]"; then
    rm -rf "$new"
    echo "The program could not be installed; pip's last lines say why. What was there before stays as it was." >&2
    exit 1
fi
if ! run "$new/bin/grounding" check; then
    rm -rf "$new"
    echo "The new program does not pass its own check. What was there before stays as it was." >&2
    exit 1
fi
run mkdir -p "$(dirname "$link")"
run ln -sfn "$new" "$program/current"
run ln -sfn "$program/current/bin/grounding" "$link"
for old in "$program"/20*; do
    if [ -d "$old" ] && [ "$old" != "$new" ]; then run rm -rf "$old"; fi
done

if [ -n "$setup" ]; then
    step "First questions"
    if [ -n "$answers" ]; then
        run "$link" setup --answers "$answers"
    elif [ -n "$defaults" ] || [ ! -t 0 ]; then
        run "$link" setup --defaults
    else
        run "$link" setup
    fi
    if [ -n "$dry" ] || "$link" service --help >/dev/null 2>&1; then
        step "The service, which starts it with the machine"
        run "$link" service install || echo "The service could not be set up; 'grounding' starts it by hand."
    fi
fi

step "Done"
case ":$PATH:" in
*":$HOME/.local/bin:"*) echo "To begin: grounding" ;;
*) echo "To begin: $link   (after the next login: grounding)" ;;
esac
