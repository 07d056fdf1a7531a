"""Errors explained in place: what failed, with which operands, what it means and what usually fixes it."""
