"""The pages of the panel, below /agent: rendered here, made live by one script (src/)."""
