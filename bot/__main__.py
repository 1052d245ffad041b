"""``python -m bot`` is the plugdesk command."""

from bot.cli import main

main()
