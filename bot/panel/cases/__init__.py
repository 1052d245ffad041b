"""Conversations as the panel's inbox and search see them: one case each, projected from their events."""
