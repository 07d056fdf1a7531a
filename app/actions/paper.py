"""Turns a handout's HTML into PDF pages: A4, numbered, black on white in whatever theme the window is."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from engine.lessons.handout import STYLE, TABLE, WRITE_LINE

_DPI = 300
_MARGIN_MM = 18
_FONT, _POINTS, _FOOTER_POINTS = "Inter", 10.0, 8.0
_FOOTER_LINES = 2.5

# Qt's documents know a part of CSS: no em, no borders and no page breaks of divs, margins in pixels only.
_STYLE = """
h1 { font-size: 18pt; margin-bottom: 3px; } h2 { font-size: 12pt; margin-top: 16px; margin-bottom: 3px; }
h3 { font-size: 10pt; margin-top: 12px; margin-bottom: 0px; } p { margin-top: 5px; margin-bottom: 5px; }
li { margin-top: 3px; } code, pre { font-family: "JetBrains Mono"; font-size: 9pt; }
.question p, .question pre { margin-left: 18px; } .small { font-size: 8.5pt; color: #444444; }
table { border-collapse: collapse; } th, td { border: 1px solid #999999; }
th { text-align: left; background-color: #eeeeee; } table.write td { border: none; border-bottom: 1px solid #000000; }
.sheet h1 { page-break-before: always; }
"""
_WRITE_LINE = '<table class="write" width="100%"><tr><td>&nbsp;</td></tr></table>'
_TABLE = '<table width="100%" cellspacing="0" cellpadding="4">'


def pdf_of(page: str, title: str) -> bytes:
    """The PDF of a handout as `engine.lessons.handout` writes it. title: of the document."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Gradstep")
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
    painter = QPainter(writer)
    painter.setFont(_font(_FOOTER_POINTS))
    whole = QRectF(0, 0, writer.width(), writer.height())
    body = QSizeF(whole.width(), whole.height() - _FOOTER_LINES * painter.fontMetrics().height())
    document = document_of(page, writer, body)
    count = document.pageCount()
    for number in range(count):
        if number:
            writer.newPage()
        paint_part(painter, document, QRectF(0, number * body.height(), body.width(), body.height()))
        bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.setPen(QColor("#444444"))
        painter.drawText(whole, bottom, f"{number + 1} / {count}")
    painter.end()
    return bytes(buffer.data().data())


def document_of(page: str, device: QPaintDevice, body: QSizeF) -> QTextDocument:
    """The handout laid out in pages of this size, in the device's px."""
    document = QTextDocument()
    document.setDefaultFont(_font(_POINTS))
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(device)
    document.setHtml(_for_qt(page))
    document.setPageSize(body)
    _keep_together(document)
    return document


def _font(points: float) -> QFont:
    font = QFont(_FONT)
    font.setPointSizeF(points)
    return font


def _for_qt(page: str) -> str:
    """The same page with what Qt does not know written in another way."""
    return page.replace(STYLE, _STYLE).replace(TABLE, _TABLE).replace(WRITE_LINE, _WRITE_LINE)


def _keep_together(document: QTextDocument) -> None:
    """Begins a new page before a heading, or a question, that would be parted from what follows, or a parted table."""
    layout, body = document.documentLayout(), document.pageSize()
    block = document.begin()
    while block.isValid():
        following = block.next()
        if _leads(block):
            table = QTextCursor(following).currentTable()
            below = layout.blockBoundingRect(following) if table is None else layout.frameBoundingRect(table)
            top, bottom = layout.blockBoundingRect(block).top(), below.bottom()
            if bottom - top < body.height() and int(top // body.height()) != int(bottom // body.height()):
                form = QTextBlockFormat()
                form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).mergeBlockFormat(form)
                # Qt forgets to move what comes after a page break, and then does not draw it: lay out all anew.
                document.setPageSize(QSizeF(body.width() / 2, body.height()))
                document.setPageSize(body)
        block = following


def _leads(block: QTextBlock) -> bool:
    """Whether a block belongs to what follows it: a heading, or a question above the line for its answer."""
    if not block.next().isValid():
        return False
    is_outside = QTextCursor(block).currentTable() is None
    return bool(block.blockFormat().headingLevel()) or (
        is_outside and QTextCursor(block.next()).currentTable() is not None
    )


def paint_part(painter: QPainter, document: QTextDocument, part: QRectF) -> None:
    """Paints one page's part of the document at the top of the page."""
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    context.palette = palette
    context.clip = part
    painter.save()
    painter.translate(0, -part.top())
    painter.setClipRect(part)
    document.documentLayout().draw(painter, context)
    painter.restore()
