"""dagster-dbt, imported so that it does not find dbt.

Where dbt is installed, dagster-dbt imports half of it and has it read the manifest, to know which models `all of them`
are: a second of every process that has our definitions. Where it is not, as beside dbt Fusion, the manifest's own
list does. dbt runs in a process of its own here (dbt_child.py), and nothing else of it is wanted in this one.
"""

import sys

_VERSION = "dbt.version"
_known = sys.modules.get(_VERSION)
# What is None there cannot be imported.
sys.modules[_VERSION] = None  # type: ignore[assignment]
try:
    from dagster_dbt import (
        DagsterDbtCliRuntimeError,
        DagsterDbtTranslator,
        DbtCliInvocation,
        DbtCliResource,
        DbtProject,
        dbt_assets,
    )
finally:
    del sys.modules[_VERSION]
    if _known is not None:
        sys.modules[_VERSION] = _known

__all__ = [
    "DagsterDbtCliRuntimeError",
    "DagsterDbtTranslator",
    "DbtCliInvocation",
    "DbtCliResource",
    "DbtProject",
    "dbt_assets",
]
