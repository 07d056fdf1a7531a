"""The recorder: watches a PyTorch program and hands what happens to the trace writer. Lives in the script's process."""
