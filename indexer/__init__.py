"""Plugdesk: from the knowledge base to an index that answers."""
