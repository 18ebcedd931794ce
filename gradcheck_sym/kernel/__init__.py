"""The kernel: is this difference zero? It knows expressions, not networks."""
