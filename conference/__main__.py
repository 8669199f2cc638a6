"""`python -m conference`: the command line."""

from conference.cli import main

if __name__ == "__main__":
    main()
