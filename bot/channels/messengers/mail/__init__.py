"""E-mail: drivers write to an address, and replies go out from it."""
