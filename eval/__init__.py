"""Measures how good the answers are, per language, before a change goes live."""
