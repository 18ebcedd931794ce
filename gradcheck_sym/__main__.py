"""`python -m gradcheck_sym`."""

from gradcheck_sym.cli import main

if __name__ == "__main__":
    main()
