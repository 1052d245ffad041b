"""Messengers that are connected: what comes in from each, and how replies reach it."""
