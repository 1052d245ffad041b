"""What every help desk shares: which reports are one incident, and photos that are safe to keep and to show."""
