"""The demo world: accounts, stations, chargers, sessions, status pages and reports in one SQLite file."""
