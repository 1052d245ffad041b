"""``python -m eval.harvest``."""

from eval.harvest.commands import harvest

if __name__ == "__main__":
    harvest(prog_name="python -m eval.harvest")
