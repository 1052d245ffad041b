"""The checks, a module a subject. Each takes the base and the rules, and yields what it finds."""
