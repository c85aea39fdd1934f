"""Compile what is compiled, so that nobody waits for it later: `python -m geodata.warm`."""

import numpy as np

from geodata.sight import index_walls, sees


def main() -> None:
    """Ask for one line of sight; what that compiles is kept beside the code."""
    walls = index_walls(np.array([[0, 0, 1000, 1000]]))
    sees(walls, (0, 1000), np.array([[1000, 0]]))


if __name__ == "__main__":
    main()
