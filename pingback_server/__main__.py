"""The command `permalien`, as `python -m pingback_server` and as an installed package start it."""

import gc


def main() -> None:
    """Run the command line."""
    # What is loaded stays: to look for garbage in it again and again takes an eighth of a command.
    gc.set_threshold(20_000)
    from .cli import main as command

    command()


if __name__ == "__main__":
    main()
