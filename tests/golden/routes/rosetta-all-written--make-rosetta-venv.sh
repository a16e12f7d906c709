#!/bin/sh
# Makes .venv-x86_64 in the current folder: Python 3.10 as x86_64 on Apple silicon.
# Rosetta runs it; Apple keeps that for general use up to macOS 27.
set -eu

if ! arch -x86_64 /usr/bin/true; then
    echo 'error: Rosetta is missing: softwareupdate --install-rosetta' >&2
    exit 1
fi

check='import platform, sys
sys.exit(platform.machine() != "x86_64" or sys.version_info[:2] != (3, 10))'
python=
for candidate in \
    python3.10-intel64 \
    python3.10 \
    /Library/Frameworks/Python.framework/Versions/3.10/bin/python3.10-intel64 \
    /Library/Frameworks/Python.framework/Versions/3.10/bin/python3.10 \
    /usr/local/bin/python3.10; do
    if arch -x86_64 "$candidate" -I -c "$check" 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo 'error: no Python 3.10 here has an x86_64 part' >&2
    echo 'install that of python.org, or that of Homebrew for Intel' >&2
    exit 1
fi

arch -x86_64 "$python" -m venv .venv-x86_64
files=$(dirname "$0")
arch -x86_64 .venv-x86_64/bin/python -m pip install -r "$files"/requirements-x86_64.txt -r "$files"/base.txt

if .venv-x86_64/bin/python -I -c "$check"; then
    echo 'start it by: .venv-x86_64/bin/python'
else
    echo 'start it, each time, by: arch -x86_64 .venv-x86_64/bin/python'
fi
