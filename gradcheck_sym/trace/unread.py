"""Why an array cannot be read: what it is now is not known, or no number."""

UNKNOWN = (
    "whether a reshape is a view or a copy depends on how the array lies in memory, and one of "
    "them was written to: write .copy() after the reshape, or assign to the array itself"
)
INFINITE = (
    "-np.inf is no number: of an array with it, np.exp and np.max are known, and adding a number; "
    "leave entries out just before the softmax"
)
NUMBER = (
    "whether this is a number or an array of no axes, which changes in place, is not known: "
    "write x = x + y for x += y"
)
HIDDEN = (
    "an array that was made with the object, and is kept where it is not seen to be weights: keep "
    "it in an attribute, or in a list or dict that is one"
)
SINGLE = (
    "the type of an array is not known where some are of float32, since all are taken for real "
    "numbers: write the type itself, float or np.float32, and ask for none"
)
HASHED = (
    "a dict, a set or a cache looks a number up by its value, which is not known here: leave it "
    "out, or keep it by what is known, such as a size"
)
