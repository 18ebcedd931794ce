"""The search for points: at which conditions hold, or two sides differ. Nothing is believed."""
