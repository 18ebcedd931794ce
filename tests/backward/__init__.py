"""Forward and backward functions in plain NumPy, right and wrong ones, as people write them."""
