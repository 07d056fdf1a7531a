"""Curves and pictures of many numbers, drawn with pyqtgraph."""
