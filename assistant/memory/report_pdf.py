"""The same page as PDF, drawn by fpdf2, an extra: pure Python, LGPL-3.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import EngineError, StoreError
from assistant.memory.plot import Mark, Plot
from assistant.memory.report import HEAD, HOW_TO_READ, LEGEND, Sheet, counted, headline, row

if TYPE_CHECKING:
    from fpdf import FPDF

LEFT, WIDTH, PLOT_HEIGHT = 15.0, 180.0, 52.0
"""Millimetres on A4."""
GREY, BLUE, RED = (150, 150, 150), (34, 87, 122), (179, 38, 30)
FIRST_COLUMN = 54.0


def to_pdf(page: Sheet) -> bytes:
    """Raises EngineError without the extra, StoreError for letters that the PDF's built-in fonts do not have."""
    try:
        from fpdf import FPDF
        from fpdf.errors import FPDFUnicodeEncodingException
    except ImportError:
        raise EngineError(
            "pdf-missing", "PDF needs a part that is not here: pip install 'grounding-assistant[pdf]'. HTML needs none."
        ) from None
    pdf = FPDF(format="A4")
    pdf.set_margins(LEFT, 14)
    pdf.set_title("Grounding exercises")
    pdf.add_page()
    try:
        _write(pdf, page)
    except FPDFUnicodeEncodingException:
        raise StoreError(
            "report-letters", "The PDF has not all the letters of these notes; write .html, and print that to PDF."
        ) from None
    return bytes(pdf.output())


def _write(pdf: FPDF, page: Sheet) -> None:
    _line(pdf, "Grounding exercises", 15, bold=True)
    _line(pdf, headline(page), 10)
    _line(pdf, "Before and after", 11, bold=True)
    _plot(pdf, page.plot)
    _line(pdf, f"{LEGEND} {HOW_TO_READ}", 8)
    _line(pdf, "What was used", 11, bold=True)
    for number, cells in enumerate((HEAD, *map(row, (*page.by_exercise, page.all)))):
        pdf.set_font("helvetica", "B" if number in (0, len(page.by_exercise) + 1) else "", 8)
        for column, cell in enumerate(cells):
            wide = FIRST_COLUMN if column == 0 else (WIDTH - FIRST_COLUMN) / (len(HEAD) - 1)
            pdf.cell(wide, 4.6, cell, align="R" if column else "L", border="B")
        pdf.ln()
    pdf.ln(1)
    _line(pdf, f"For: {counted(page.by_state)}.", 9)
    _line(pdf, f"When: {counted(page.by_part_of_day)}.", 9)
    if page.lines:
        _line(pdf, "What I would like to talk about", 11, bold=True)
        for line in page.lines:
            _line(pdf, f"{line.day:%d %b}: {line.text}", 10)


def _line(pdf: FPDF, text: str, size: int, *, bold: bool = False) -> None:
    pdf.set_font("helvetica", "B" if bold else "", size)
    pdf.multi_cell(WIDTH, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _plot(pdf: FPDF, plot: Plot) -> None:
    top = pdf.get_y()
    pdf.set_font("helvetica", "", 7)
    pdf.set_text_color(*GREY)
    pdf.set_draw_color(225, 225, 225)
    for number in range(0, 11, 2):
        y = _y(top, number)
        pdf.line(LEFT + 5, y, LEFT + WIDTH, y)
        pdf.text(LEFT, y + 1, str(number))
    for at, label in plot.weeks:
        pdf.line(_x(at), top, _x(at), _y(top, 0))
        pdf.text(_x(at), top + PLOT_HEIGHT + 4, label)
    for mark in plot.marks:
        _mark(pdf, top, mark)
    pdf.set_text_color(0, 0, 0)
    pdf.set_draw_color(*GREY)
    pdf.set_y(top + PLOT_HEIGHT + 6)


def _mark(pdf: FPDF, top: float, mark: Mark) -> None:
    colour, x = (RED if mark.worse else BLUE), _x(mark.x)
    pdf.set_draw_color(*colour)
    if mark.before is not None and mark.after is not None:
        pdf.line(x, _y(top, mark.before), x, _y(top, mark.after))
    for number, fill in ((mark.before, (255, 255, 255)), (mark.after, colour)):
        if number is not None:
            pdf.set_fill_color(*fill)
            pdf.circle(x, _y(top, number), 1.2 if mark.worse else 0.9, style="DF")
    if mark.before is None and mark.after is None:
        pdf.line(x, _y(top, 0) - 1.5, x, _y(top, 0))


def _x(place: float) -> float:
    return LEFT + 5 + place * (WIDTH - 5)


def _y(top: float, number: float) -> float:
    return top + PLOT_HEIGHT * (1 - number / 10)
