"""What the codes and the words of answers mean: one source for terminals and for docs/codes.md."""
