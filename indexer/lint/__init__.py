"""Is the knowledge base right? Checks that name file, line, what is wrong and what to do (docs/knowledge-checks.md)."""
