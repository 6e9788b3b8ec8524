"""The compiled project of the generated worlds, for histories too."""

from tests.worlds.conftest import compiled

__all__ = ["compiled"]
