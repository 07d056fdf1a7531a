"""Gradstep's engine: recording, the trace, and questions to it. Knows no Qt; torch only in `recorder` and `child`."""
