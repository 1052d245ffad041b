"""Stores of conversations; tests/contracts/test_conversation_store.py says what they must do."""
