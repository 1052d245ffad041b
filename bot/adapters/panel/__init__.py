"""Where the panel keeps its accounts, sessions and audit log."""
