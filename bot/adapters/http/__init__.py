"""Any account, station, session or charger API, connected by one YAML file (docs/connectors.md)."""
