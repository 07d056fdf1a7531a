"""The graph canvas. `view.GraphCanvas` is the widget; this file imports nothing, as layout processes load no Qt."""
