"""Any messenger that is connected by webhooks: signed messages come in, signed replies go out."""
