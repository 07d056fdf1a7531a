"""The process that makes one large layout, and the JSON in which request and answer travel. Loads no Qt.

It is started from a line of code with the folder of `app` as its argument, never through `multiprocessing`: that would
run the main module again, which may be somebody's script.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.views.canvas.layout import lay_out
from app.views.canvas.placement import Box, Layout, LayoutRequest, Rect

ROOT = Path(__file__).resolve().parents[3]
CODE = "import sys; sys.path.insert(0, sys.argv[1]); from app.views.canvas.layout_process import main; main()"


def command_line() -> list[str]:
    """The program and its arguments; -P keeps the current folder's modules out."""
    return [sys.executable, "-P", "-c", CODE, str(ROOT)]


def main() -> None:
    """Reads a request from stdin, writes its layout to stdout."""
    sys.stdout.buffer.write(layout_bytes(lay_out(request_from(sys.stdin.buffer.read()))))


def request_bytes(request: LayoutRequest) -> bytes:
    """A request as JSON: boxes as [width, height, cluster], edges as they are."""
    boxes = [(box.width, box.height, box.cluster) for box in request.boxes]
    return json.dumps({"boxes": boxes, "edges": request.edges}).encode()


def request_from(data: bytes) -> LayoutRequest:
    """The request that `request_bytes` wrote."""
    read = json.loads(data)
    boxes = tuple(Box(width, height, tuple(cluster)) for width, height, cluster in read["boxes"])
    return LayoutRequest(boxes, tuple((source, target) for source, target in read["edges"]))


def layout_bytes(layout: Layout) -> bytes:
    """A layout as JSON: rectangles as [x, y, width, height], frames as [cluster, rectangle], routes as they are."""
    boxes = [_numbers(rect) for rect in layout.boxes]
    frames = [(path, _numbers(rect)) for path, rect in layout.frames.items()]
    return json.dumps({"boxes": boxes, "frames": frames, "routes": layout.routes}).encode()


def layout_from(data: bytes) -> Layout:
    """The layout that `layout_bytes` wrote; raises ValueError for anything cut off."""
    read = json.loads(data)
    boxes = tuple(Rect(*numbers) for numbers in read["boxes"])
    frames = {tuple(path): Rect(*numbers) for path, numbers in read["frames"]}
    return Layout(boxes, frames, tuple(tuple((x, y) for x, y in route) for route in read["routes"]))


def _numbers(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x, rect.y, rect.width, rect.height
