"""The cards, one file a group. Who adds one writes a row; a missing picture, link or language fails a test."""
