"""Users' forward and backward functions, and whether the gradient is right."""
