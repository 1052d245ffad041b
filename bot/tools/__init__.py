"""What the conversation reads and does in the world: values, ports, reads with a deadline, actions exactly once."""
