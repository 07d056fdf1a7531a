"""Whether what torch computed is what numpy computes: every event of a trace recomputed, and every gradient."""
