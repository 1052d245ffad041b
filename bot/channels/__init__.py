"""Ways in: REST, terminal, one line at a time."""
