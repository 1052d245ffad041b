"""From a line to what it means: language, topics, vendor."""
