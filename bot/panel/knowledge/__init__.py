"""The knowledge base as its lead sees it: articles and translations, the last check, how good answers are."""
