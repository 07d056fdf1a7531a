"""Shows one tensor: as a table, as a heatmap, and in figures."""

from app.views.tensor.view import TensorView

__all__ = ["TensorView"]
