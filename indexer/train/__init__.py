"""The recipe of the embedding model: teacher vectors, vocabulary, student. See README.md beside this file."""
