"""The notation of a textbook: expression trees, and how they and their numbers are printed."""
