"""Figures for the support lead: one record a conversation, outcomes by definitions that are shown, and their sums."""
