"""The finders behind bot/understanding/masking.py, one a kind of secret; the words and numbers are in masking.yaml."""
