"""Help desks behind :class:`bot.tools.ports.Desk`; tests/contracts/test_desk.py."""
