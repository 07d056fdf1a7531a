"""The Debug Adapter Protocol: an editor's requests as calls of a Session, and what it tells as events."""
