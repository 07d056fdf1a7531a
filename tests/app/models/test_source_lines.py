"""Coloured pieces of a source file, and places in it as Qt counts them."""

from __future__ import annotations

from app.models.source_lines import Piece, coloured_lines, units, units_before


def test_pieces_are_where_the_words_are() -> None:
    lines = coloured_lines("import torch\nx = 1.5  # half\n\ndef f(x):\n    return 'é🙂' + x\n")
    assert lines[0] == (Piece(0, 6, "keyword"),)
    assert lines[1] == (Piece(4, 3, "number"), Piece(9, 6, "comment"))
    assert lines[2] == ()
    assert lines[3] == (Piece(0, 3, "keyword"), Piece(4, 1, "name"))
    assert lines[4][0] == Piece(4, 6, "keyword")
    strings = [piece for piece in lines[4] if piece.kind == "string"]
    assert strings[0].start == 11
    assert sum(piece.length for piece in strings) == 5  # two quotes, é, and two units of the smiley


def test_a_docstring_is_a_string_on_all_its_lines() -> None:
    lines = coloured_lines('"""One\n\nfor two if three\n"""\nfor x in y: pass\n')
    assert [piece.kind for piece in lines[2]] == ["string"]
    assert lines[2] == (Piece(0, 16, "string"),)
    assert lines[4][0] == Piece(0, 3, "keyword")


def test_what_is_no_python_is_shown_plain() -> None:
    assert len(coloured_lines("\x00 £ ((\n''' open")) == 2


def test_columns_are_bytes_in_the_trace_and_units_in_qt() -> None:
    line = "é🙂 = f(x)"
    assert units(line) == 10
    begin = len("é🙂 = ".encode())
    assert begin == 9
    assert units_before(line, begin) == 6
    assert units_before(line, 10_000) == units(line)
