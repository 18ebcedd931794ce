"""Programs made wrong on purpose: who notices? See `python -m tests.sabotage --help`."""
