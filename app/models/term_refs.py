"""How a term of an equation names what it stands for: a value by its id, a local derivative by its event."""

from __future__ import annotations

VALUE_REF, EVENT_REF = "value:", "event:"
