"""Chargers that connect directly, over OCPP 1.6J and 2.0.1.

Two processes share one SQLite file. The gateway (gateway.py) holds the WebSockets: it writes what chargers report and
carries out commands. The bot (chargers.py) reads that, and writes commands for the gateway to take.
"""
