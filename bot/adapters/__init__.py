"""What the ports of bot/ports.py are backed by; only bot/assembly.py chooses among them."""
