#!/bin/sh
# Makes .venv and installs Gradstep into it from this checkout, with torch and the tools of the checks.
# Does nothing when that was already done for the same place, pyproject.toml and constraints.txt.
set -eu
cd "$(dirname "$0")/.."

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11 or newer."
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    stop "Gradstep needs Python 3.11 or newer, and none was found. On Debian or Ubuntu:" \
        "    sudo apt-get install python3.11 python3.11-venv" \
        "Or name one: make run PYTHON=/path/to/python3.12"
}

# Debian ships Python's venv module without ensurepip, in a package of its own.
need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package ..."
        apt-get update -qq || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    else
        stop "This Python cannot make virtual environments. On Debian or Ubuntu, run this line and try again:" \
            "    sudo apt-get install $package"
    fi
}

place="$(pwd -P)"
stamp=.venv/gradstep-setup
wanted="$(cat pyproject.toml constraints.txt | cksum) $place"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

# The programs in a virtual environment name its place, so one that was moved or copied is made anew.
if ! grep -qsF "$place/.venv" .venv/bin/activate || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python="$(find_python)"
    need_venv_module "$python"
    echo "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
fi
rm -f "$stamp"
echo "Installing Gradstep, PyTorch and Qt into .venv. The first time this downloads them, which takes some minutes ..."
quiet=--quiet
[ -t 1 ] && quiet=  # somebody who watches sees the downloads move
.venv/bin/python -m pip install $quiet --disable-pip-version-check --no-input -e '.[torch,dev]' -c constraints.txt
printf '%s\n' "$wanted" > "$stamp"
