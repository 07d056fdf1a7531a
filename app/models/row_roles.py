"""What a row of two lines is asked for, besides its text: roles that lists with such rows share."""

from __future__ import annotations

from PySide6.QtCore import Qt

DETAIL_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""The second line, smaller; "" for none."""
ASIDE_ROLE = DETAIL_ROLE + 1
"""A few characters at the right end of the first line."""
IS_HERE_ROLE = DETAIL_ROLE + 2
"""Whether the row concerns the present place."""
MARK_ROLE = DETAIL_ROLE + 3
"""The sign before the text: "certain", "likely", "maybe"; "" for none."""
