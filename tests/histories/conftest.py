"""The compiled project, once per session."""

import pytest

from tests.worlds.compiled import Compiled, compile_project


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Compiled:
    return compile_project(tmp_path_factory.mktemp("compiled"))
