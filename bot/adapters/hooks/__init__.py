"""Where the outbox of channels is kept."""
