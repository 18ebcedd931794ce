"""Reports → one HTML page each, or one for several: self-contained, readable without scripts."""
