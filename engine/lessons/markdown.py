"""The safe subset of Markdown that lessons are written in, as blocks that any face can show.

Headings, paragraphs, lists (`-`, `1.`; `1\\.` begins a sentence), quotes (`>`), code in fences; within a line `code`,
**strong**, *stressed*, [[term]] and [[term|as it is called here]]. No links, no pictures, no HTML: a lesson can load
nothing and run nothing.
"""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..bilingual import Bilingual

_TERM = r"\[\[([A-Za-z_]\w*)(?:\|([^\]|]+))?\]\]"
TERM = re.compile(_TERM)
# A star between letters multiplies (w*x*y); beside Chinese letters, which leave no spaces, it stresses.
_MULTIPLIES = r"[^\W\u3400-\u9fff]"
_INLINE = re.compile(
    r"`([^`]+)`|\*\*([^*]+)\*\*"
    rf"|(?<!{_MULTIPLIES})(?<!\*)\*([^*\s](?:[^*]*[^*\s])?)\*(?!{_MULTIPLIES})(?!\*)"
    rf"|{_TERM}"
)
_FORBIDDEN = (
    (
        re.compile(r"!\[[^\]]*\]\("),
        Bilingual("A picture cannot be shown: lessons load nothing.", "不能显示图片：课程不加载任何内容。"),
    ),
    (
        re.compile(r"\]\([^)]*\)"),
        Bilingual("A link cannot be followed: lessons load nothing.", "不能打开链接：课程不加载任何内容。"),
    ),
    (
        re.compile(r"\bhttps?://", re.IGNORECASE),
        Bilingual("An address cannot be opened: lessons load nothing.", "不能打开网址：课程不加载任何内容。"),
    ),
    (re.compile(r"</?[A-Za-z!][^>]*>"), Bilingual("HTML is not shown in lessons.", "课程中不显示 HTML。")),
)
_CODE = re.compile(r"`[^`]*`")
_NO_LIST = re.compile(r"^(\d+)\\(?=[.)])")
_LIST = re.compile(r"(?:[-*]|\d+[.)])\s+")

Term = Callable[[str, str], str]
"""What to write for a term: of its key, and the words that the text has for it ("" for its name)."""


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    NUMBERED = "numbered"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """One block; the text of code is kept line by line, that of others is one line."""

    kind: Kind
    text: str


def problems(text: str) -> Iterator[tuple[int, Bilingual]]:
    """(line counted from 0, sentence) of what is outside of the subset; code may say what it likes."""
    fenced = False
    for number, line in enumerate(text.splitlines()):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            plain = _CODE.sub("", line)
            for pattern, sentence in _FORBIDDEN:
                if pattern.search(plain):
                    yield number, sentence
                    break


def blocks(text: str) -> list[Block]:
    """The blocks of a text."""
    found: list[Block] = []
    kind, held = Kind.PARAGRAPH, list[str]()

    def end() -> None:
        if held:
            found.append(Block(kind, _joined(held)))
            held.clear()

    lines = iter(text.splitlines())
    for line in lines:
        bare = line.strip()
        if bare.startswith("```"):
            end()
            found.append(Block(Kind.CODE, "\n".join(_until_fence(lines))))
        elif not bare:
            end()
            kind = Kind.PARAGRAPH
        elif bare.startswith("#"):
            end()
            found.append(Block(Kind.HEADING, bare.lstrip("#").strip()))
            kind = Kind.PARAGRAPH
        elif bare.startswith(">"):
            if kind != Kind.QUOTE:
                end()
            kind = Kind.QUOTE
            held.append(_NO_LIST.sub(r"\1", bare[1:].strip()))
        elif (marker := _LIST.match(bare)) is not None:
            end()
            kind = Kind.ITEM if bare[0] in "-*" else Kind.NUMBERED
            held.append(bare[marker.end() :])
        else:
            held.append(_NO_LIST.sub(r"\1", bare))
    end()
    return found


def _until_fence(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith("```"):
            return
        yield line.rstrip()


def _joined(lines: list[str]) -> str:
    """Lines of a paragraph as one; between Chinese letters there is no space."""
    text = lines[0]
    for line in lines[1:]:
        wide = _is_wide(text[-1:]) and _is_wide(line[:1])
        text += line if wide else f" {line}"
    return text


def to_text(text: str, width: int, term: Term, strong: Callable[[str], str] = str) -> list[str]:
    """Lines for a terminal. strong: makes words stand out."""
    lines: list[str] = []
    number, before = 0, Kind.PARAGRAPH
    for block in blocks(text):
        number = number + 1 if block.kind == Kind.NUMBERED else 0
        if lines and not (block.kind == before and block.kind in (Kind.ITEM, Kind.NUMBERED)):
            lines.append("")
        before = block.kind
        if block.kind == Kind.CODE:
            lines += [f"    {line}" for line in block.text.splitlines()]
            continue
        said = _INLINE.sub(lambda found: _plain(found, term, strong), block.text)
        first = {Kind.ITEM: "- ", Kind.NUMBERED: f"{number}. ", Kind.QUOTE: "  "}.get(block.kind, "")
        lines += wrapped(strong(said) if block.kind == Kind.HEADING else said, width, first)
    return lines


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines no wider than a terminal; Chinese letters are two columns wide and may break anywhere.

    first: what the first line begins with; rest: what the others do (default: as many spaces).
    """
    rest = " " * len(first) if rest is None else rest
    if not any(_is_wide(letter) for letter in text):
        return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest) or [first]
    lines, line, used = list[str](), first, len(first)
    for word in re.findall(r"[^\W\d_]?[!-~−∂σ′η⁽⁾¹²³]+|\s+|.", text):
        wide = sum(2 if _is_wide(letter) else 1 for letter in word)
        if used + wide > width and not _closes(word) and line.strip():
            lines.append(line.rstrip())
            line, used = rest, len(rest)
            word = word.lstrip()
        line += word
        used += wide
    return [*lines, line.rstrip()]


def _closes(word: str) -> bool:
    """Punctuation that may not begin a line."""
    return word in "，。；：？！、）》”"


def _is_wide(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in "WF"


def _plain(found: re.Match[str], term: Term, strong: Callable[[str], str]) -> str:
    code, bold, stressed, key, words = found.groups()
    if key is not None:
        return term(key, words or "")
    return strong(bold) if bold is not None else code or stressed


def to_html(text: str, term: Term) -> str:
    """The text as HTML; every letter of it is escaped. term: HTML for a term."""
    parts: list[str] = []
    open_list = ""
    for block in blocks(text):
        wanted = {Kind.ITEM: "ul", Kind.NUMBERED: "ol"}.get(block.kind, "")
        if open_list and wanted != open_list:
            parts.append(f"</{open_list}>")
        if wanted and wanted != open_list:
            parts.append(f"<{wanted}>")
        open_list = wanted
        if block.kind == Kind.CODE:
            parts.append(f"<pre>{html.escape(block.text)}</pre>")
            continue
        tag = {Kind.HEADING: "h3", Kind.PARAGRAPH: "p", Kind.QUOTE: "blockquote"}.get(block.kind, "li")
        parts.append(f"<{tag}>{inline_html(block.text, term)}</{tag}>")
    return "\n".join([*parts, *([f"</{open_list}>"] if open_list else [])])


def inline_html(text: str, term: Term) -> str:
    """One line of text as HTML."""
    parts, end = list[str](), 0
    for found in _INLINE.finditer(text):
        parts.append(html.escape(text[end : found.start()]))
        code, bold, stressed, key, words = found.groups()
        if key is not None:
            parts.append(term(key, words or ""))
        else:
            tag = "code" if code is not None else "b" if bold is not None else "i"
            parts.append(f"<{tag}>{html.escape(code or bold or stressed)}</{tag}>")
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])
