"""Flows and the engine that replays them: read steps.py, then one of flows/, then engine.py."""
