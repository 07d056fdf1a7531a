"""What a script writes becomes lines."""

from __future__ import annotations

from app.models.console_text import TextPart, ending_of, text_parts


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(part.how, part.text) for part in text_parts(text)]


def test_lines_begin_anew() -> None:
    assert _pairs("a\nb\n") == [("append", "a"), ("new", "b\n")]
    assert _pairs("a\nb\r50 %\nc") == [("append", "a"), ("new", "b"), ("replace", "50 %"), ("new", "c")]
    assert _pairs("more") == [("append", "more")]
    assert _pairs("") == []


def test_a_return_overwrites_as_progress_bars_want() -> None:
    assert _pairs("\r10 %\r20 %") == [("replace", "10 %"), ("replace", "20 %")]
    assert _pairs("done\r\nnext") == [("append", "done"), ("new", "next")]
    assert _pairs("50 %\r") == [("append", "50 %")]


def test_terminal_colours_are_dropped() -> None:
    assert text_parts("\x1b[1;31mred\x1b[0m \x1b]0;title\x07plain") == [TextPart("append", "red plain")]


def test_of_very_much_the_end_is_enough() -> None:
    assert ending_of("a\nb\nc\n", 3, 100) == "b\nc\n"
    assert ending_of("a\nb\nc\n", 4, 100) == "a\nb\nc\n"
    assert ending_of("abcdef", 3, 4) == "cdef"
