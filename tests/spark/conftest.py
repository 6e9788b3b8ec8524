"""One Spark for all tests of this folder: a process has one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spark.sessions import SMALL


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("spark")


@pytest.fixture(scope="session")
def session(place) -> Iterator:
    from orchestration.spark.session import spark_session

    with spark_session(place, "local[2]", SMALL) as one:
        yield one
