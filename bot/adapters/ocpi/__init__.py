"""OCPI 2.2.1 client: stations, sessions, tokens and commands of a charge point operator or a service provider."""
