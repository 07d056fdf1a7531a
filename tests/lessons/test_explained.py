"""A learner's explanations go beside a saved trace, and are opened with it at their places."""

from __future__ import annotations

from pathlib import Path

from app.actions.saving import save_trace_as
from engine.lessons.demo import DemoStop, demo_file, read_demo, write_demo
from engine.lessons.explained import explained
from engine.session.place import Level, Place
from engine.trace.reader import Trace
from tests.lessons.conftest import Play, SmallLesson

RULE = """
[[stops.questions]]
id = "rule"
kind = "words"

[[stops]]
id = "back"
phase = "backward"

[[stops.questions]]
id = "why"
kind = "words"
"""
TEXT = """### The rule {#rule}

Which rule gives this **sum**, and why is it a [[gradient|slope]]?

> The weighted sum.

## Backward {#back}

Now back.

### Why {#why}

Why so large?

> Because.

## Teacher"""


def answered(small: SmallLesson) -> None:
    """Gives the small lesson two questions to be answered in words."""
    small.write("lesson.toml", (small.folder / "lesson.toml").read_text(encoding="utf-8") + RULE)
    for name in ("lesson.en.md", "lesson.zh_CN.md"):
        small.change(name, "## Teacher", TEXT)


def test_each_explanation_is_at_its_place(small: SmallLesson, play: Play) -> None:
    answered(small)
    played = play(small.folder)
    stops = explained(played, {"how-large": "7", "rule": "w times x, plus b", "why": "w" * 3000}, "first")
    assert [(stop.note, stop.question) for stop in stops] == [
        ("w times x, plus b", "Which rule gives this sum, and why is it a slope?"),
        ("w" * 1999 + "…", "Why so large?"),
    ]
    (z1,) = (event for event in played.traces["first"].events(0) if event.name == "linear")
    assert stops[0].place == Place(z1.position + 1, 1, 0)
    assert stops[1].place.position == len(played.traces["first"])
    assert {stop.level for stop in stops} == {Level.QUANTITY}


def test_what_is_not_answered_or_of_another_run_is_left_out(small: SmallLesson, play: Play) -> None:
    answered(small)
    played = play(small.folder)
    assert explained(played, {"how-large": "7", "rule": ""}, "first") == ()
    assert explained(played, {"rule": "a rule"}, "second") == ()


def test_a_saved_trace_has_them_beside_it_behind_the_stops_of_its_demo(
    small: SmallLesson, play: Play, tmp_path: Path
) -> None:
    answered(small)
    played = play(small.folder)
    trace, copy = tmp_path / "mine.gradstep", tmp_path / "copy.gradstep"
    save_trace_as(played.traces["first"].path, trace)
    teachers = DemoStop(Place(0, 0, 0), Level.QUANTITY, note="Look here")
    write_demo(demo_file(trace), [teachers])
    mine = explained(played, {"rule": "w times x, plus b"}, "first")
    save_trace_as(trace, copy, mine)
    assert read_demo(demo_file(copy)) == (teachers, *mine)
    with Trace(trace) as one, Trace(copy) as two:
        assert (two.events(), two.meta()) == (one.events(), one.meta())
