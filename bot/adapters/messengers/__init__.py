"""Where inbox and outbox of messengers are kept."""
