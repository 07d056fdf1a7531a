"""The trace's tables. `docs/trace-format.md` is the specification of what they mean."""

TRACE_VERSION = 1
"""Raised when an old reader could misunderstand a new file."""

APPLICATION_ID = 0x47726453
"""SQLite application id ("GrdS"), so that a file can be told from other SQLite files."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, function TEXT NOT NULL,
    iteration INTEGER NOT NULL, phase TEXT NOT NULL, call INTEGER, site INTEGER,
    inputs TEXT NOT NULL, outputs TEXT NOT NULL, arguments TEXT NOT NULL,
    node INTEGER, tensor INTEGER, start_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL,
    pending INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');
CREATE TABLE nodes (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, op INTEGER, iteration INTEGER NOT NULL,
    next TEXT NOT NULL, tensor INTEGER);
CREATE INDEX nodes_by_iteration ON nodes (iteration);
CREATE TABLE calls (
    id INTEGER PRIMARY KEY, parent INTEGER, path TEXT NOT NULL, class_name TEXT NOT NULL, variable TEXT NOT NULL,
    iteration INTEGER NOT NULL, begin INTEGER NOT NULL, end INTEGER NOT NULL);
CREATE INDEX calls_by_iteration ON calls (iteration);
CREATE TABLE iterations (
    number INTEGER PRIMARY KEY, begin INTEGER NOT NULL, end INTEGER NOT NULL, whole INTEGER NOT NULL);
CREATE TABLE tensors (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, shape TEXT NOT NULL, dtype TEXT NOT NULL,
    device TEXT NOT NULL, requires_grad INTEGER NOT NULL);
CREATE TABLE "values" (
    id INTEGER PRIMARY KEY, dtype TEXT NOT NULL, shape TEXT NOT NULL, device TEXT NOT NULL, tensor INTEGER,
    iteration INTEGER NOT NULL, size_bytes INTEGER NOT NULL, data BLOB, segment INTEGER, offset INTEGER,
    base INTEGER, strides TEXT,
    min REAL, max REAL, mean REAL, std REAL, norm REAL, zeros REAL, nans INTEGER, infs INTEGER,
    reason TEXT NOT NULL DEFAULT '');
CREATE INDEX values_by_iteration ON "values" (iteration);
CREATE INDEX values_by_tensor ON "values" (tensor) WHERE tensor IS NOT NULL;
CREATE TABLE sources (id INTEGER PRIMARY KEY, path TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE sites (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, function TEXT NOT NULL, line INTEGER NOT NULL,
    end_line INTEGER NOT NULL, column INTEGER NOT NULL, end_column INTEGER NOT NULL);
CREATE TABLE layouts (value INTEGER PRIMARY KEY, layout TEXT NOT NULL, strides TEXT);
CREATE TABLE call_sites (call INTEGER PRIMARY KEY, site INTEGER NOT NULL);
CREATE TABLE grad_modes (position INTEGER PRIMARY KEY, mode TEXT NOT NULL);
CREATE TABLE aten (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, inside INTEGER NOT NULL, name TEXT NOT NULL,
    function TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, arguments TEXT NOT NULL,
    start_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL, error TEXT NOT NULL);
CREATE INDEX aten_by_position ON aten (position);
CREATE TABLE output (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, stream TEXT NOT NULL, text TEXT NOT NULL);
"""


def arrays_folder_name(trace_name: str) -> str:
    """Name of the companion folder of large arrays: "run.gradstep" -> "run.gradstep.arrays"."""
    return trace_name + ".arrays"


def segment_name(segment: int) -> str:
    """Name of one segment file: 2(n + 1) is iteration n's own (-1: the set-up), the next holds what outlasts it."""
    return f"{segment:08d}.bin"
