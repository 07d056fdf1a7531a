"""The controlling side: starts a child, follows its trace, moves the cursor."""
