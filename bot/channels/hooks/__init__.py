"""Messengers that are connected by webhooks: signed messages come in, signed replies go out."""
