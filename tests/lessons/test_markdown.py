"""The subset of Markdown, as terminal text and as HTML."""

from __future__ import annotations

from engine.lessons.markdown import Kind, blocks, problems, to_html, to_text


def test_blocks() -> None:
    text = "One\ntwo.\n\n- a\n- b\n  more\n\n> said\n> on\n\n```\nx = 1\n  y\n```\n1. first"
    assert [(block.kind, block.text) for block in blocks(text)] == [
        (Kind.PARAGRAPH, "One two."),
        (Kind.ITEM, "a"),
        (Kind.ITEM, "b more"),
        (Kind.QUOTE, "said on"),
        (Kind.CODE, "x = 1\n  y"),
        (Kind.NUMBERED, "first"),
    ]


def test_chinese_lines_join_without_a_space() -> None:
    assert blocks("梯度往\n回传")[0].text == "梯度往回传"
    assert blocks("梯度\nz")[0].text == "梯度 z"


def test_terminal_text() -> None:
    lines = to_text("See [[z]] and `code`, **now**.\n\n- one\n- two", 40, lambda key, _: f"<{key}>", str.upper)
    assert lines == ["See <z> and code, NOW.", "", "- one", "- two"]


def test_chinese_is_wrapped_by_its_width() -> None:
    lines = to_text("一" * 30 + "。", 20, str)
    assert max(len(line) for line in lines) <= 11
    assert not any(line.startswith("。") for line in lines)
    assert "".join(lines) == "一" * 30 + "。"


def test_html_escapes_everything() -> None:
    page = to_html("a < b & **c** `<i>`\n\n- *x* [[z]]", lambda key, words: f"<dfn>{words or key}</dfn>")
    assert page == (
        "<p>a &lt; b &amp; <b>c</b> <code>&lt;i&gt;</code></p>\n<ul>\n<li><i>x</i> <dfn>z</dfn></li>\n</ul>"
    )


def test_products_are_no_stress() -> None:
    assert to_html("2 * w * x and w*x*y", str) == "<p>2 * w * x and w*x*y</p>"


def test_code_may_say_what_it_likes() -> None:
    assert list(problems("`<b>` and `[a](b)`\n```\n<b>https://x</b>\n```\na < b > c")) == []
    assert [line for line, _ in problems("fine\n[a](b)")] == [1]


def test_stress_needs_no_spaces_between_chinese_letters() -> None:
    assert to_html("梯度会*累加*，而不是*替换*旧值", str) == "<p>梯度会<i>累加</i>，而不是<i>替换</i>旧值</p>"
    assert to_text("梯度会*累加*。", 40, str) == ["梯度会累加。"]


def test_a_product_beside_chinese_letters_is_no_stress() -> None:
    assert to_html("先算 w*x，再算 2 * w * x 和x*y*z的和", str) == "<p>先算 w*x，再算 2 * w * x 和x*y*z的和</p>"


def test_a_number_that_begins_a_sentence_is_no_list() -> None:
    assert to_html(r"0\. Nothing arrives.", str) == "<p>0. Nothing arrives.</p>"
    assert to_html("0. Nothing arrives.", str) == "<ol>\n<li>Nothing arrives.</li>\n</ol>"
