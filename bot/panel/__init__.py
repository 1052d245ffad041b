"""The agents' side: who may sign in, what they see and do."""
