"""역발행: the buyer writes and asks, the supplier signs or refuses."""
