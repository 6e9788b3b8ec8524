"""Who reads what is published: every consumer in this repository with the tables its code names, and none left out."""

import re

import pytest

from ingestion.settings import CHECKOUT
from orchestration.lib.dbt import published_models

#: SQL in Python stands in pieces over several lines.
JOINT = re.compile(r'"\s*\n\s*f?"')
READ = re.compile(r"\b(?:from|join)\s+(?:[\w{}]+\.)*((?:dim|fct|mart)_\w+)|_file\(parquet, '(\w+)'\)")


@pytest.fixture(scope="module")
def exposures(dbt_manifest):
    """name -> its tables and the code it names."""
    found = {}
    for one in dbt_manifest["exposures"].values():
        tables = {node.split(".")[-1] for node in one["depends_on"]["nodes"]}
        found[one["name"]] = (tables, one["config"]["meta"].get("reads", []))
    return found


def tables_of(path):
    files = sorted((CHECKOUT / path).rglob("*.py")) if (CHECKOUT / path).is_dir() else [CHECKOUT / path]
    sql = "\n".join(JOINT.sub("", file.read_text()) for file in files)
    return {table for found in READ.findall(sql) for table in found if table}


def test_a_consumer_depends_on_what_its_code_reads(exposures):
    told = {name: tables for name, (tables, reads) in exposures.items() if reads}
    assert {"scorecard_page", "asset_checks", "alerts"} <= told.keys()
    assert told == {name: set().union(*map(tables_of, exposures[name][1])) for name in told}


def test_all_code_that_reads_published_tables_is_some_consumers(exposures):
    named = set().union(*(tables_of(path) for _, reads in exposures.values() for path in reads))
    readers = {path for _, reads in exposures.values() for path in reads}
    files = [path.relative_to(CHECKOUT).as_posix() for path in sorted((CHECKOUT / "orchestration").rglob("*.py"))]
    unnamed = [file for file in files if tables_of(file) and not any(file.startswith(path) for path in readers)]
    assert unnamed == [] and named


def test_bi_tools_may_read_every_published_table(exposures, dbt_manifest):
    assert exposures["bi_dashboards"][0] == set(published_models(dbt_manifest))
