"""Shows equations as a textbook prints them: layout of the expression tree in boxes, painted with QPainter."""

from app.views.equation.view import EquationView

__all__ = ["EquationView"]
