"""The debugged process: starts the script as a clean __main__, records it, and stops at the gate."""
