"""The search for a proof. Nothing here is believed: the checker replays what it hands over."""
