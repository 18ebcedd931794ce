"""The network of the command line: its arrays, the textbook's gradient, hypotheses on Y."""
