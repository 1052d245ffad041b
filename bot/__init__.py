"""Plugdesk: the conversation, its channels and its assembly."""
