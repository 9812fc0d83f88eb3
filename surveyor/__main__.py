"""`python -m surveyor` is the command `surveyor`."""

from surveyor.cli import main

if __name__ == "__main__":
    main()
