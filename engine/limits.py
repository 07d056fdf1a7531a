"""Sizes and counts at which Gradstep changes its behaviour, in one place."""

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

DEFAULT_BUDGET_BYTES = GIB
"""Bytes of arrays a trace keeps before old iterations are thinned."""

BLOB_LIMIT_BYTES = 16 * KIB
"""Arrays up to this size are rows of the SQLite file; larger ones go to the companion folder."""

COPY_NOW_BYTES = 16 * KIB
"""Without an arena: tensors up to this size are copied to bytes, larger ones are cloned."""

ARENA_BYTES = 64 * MIB
"""Memory that is shared with the writing process, for arrays on their way into the trace."""

BATCH_ROWS = 512
"""Rows the recorder gathers before it hands them to the writer's thread."""

QUEUE_BYTES = 256 * MIB
"""Bytes of arrays that may wait for the writer's thread; past that the script waits for the disk."""

KEEP_FIRST_ITERATIONS = 3
KEEP_LATEST_ITERATIONS = 5

OUTPUT_LIMIT_CHARS = 16 * MIB
"""Characters of the script's output a trace keeps; what comes after is counted, not kept."""

SOURCE_LIMIT_CHARS = 4 * MIB
"""Characters of one source file a trace keeps."""
