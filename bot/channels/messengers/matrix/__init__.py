"""Matrix: an application service that a homeserver pushes events to (Application Service API v1)."""
