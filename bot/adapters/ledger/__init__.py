"""The ledger of actions and what is being watched; tests/contracts/test_ledger.py and test_watches.py."""
