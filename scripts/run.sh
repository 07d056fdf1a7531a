#!/bin/sh
# Opens the window on the first example; without a display, records it, prints its table and says how to open the trace.
set -eu
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
    .venv/bin/python scripts/qt_libraries.py window
    exec .venv/bin/gradstep open resources/examples/hello.py
fi

.venv/bin/gradstep record resources/examples/hello.py -o hello.gradstep
.venv/bin/gradstep show hello.gradstep --table
echo
echo "There is no display here, so the example was recorded into hello.gradstep instead of opening the window."
echo "Where there is one, open the recording with:  .venv/bin/gradstep open hello.gradstep"
