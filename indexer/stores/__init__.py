"""Vector stores: FAISS in the process is the embedded default."""
