"""The docs page: of the code alone, one file for many versions."""

import copy
import json
import re

import pytest

from ingestion.settings import Settings
from orchestration.lib import dbt
from orchestration.lib.docs import PAGE, docs_page, write_docs


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("parsed"), landing_url="")
    dbt.write_profile(settings)
    return dbt.manifest(settings)


def test_equal_code_gives_an_equal_page(manifest):
    """Parsed at another time, by somebody else, in another order."""
    other = copy.deepcopy(manifest)
    other["nodes"] = dict(reversed(other["nodes"].items()))
    other["metadata"] |= {"generated_at": "2030-01-01", "user_id": "somebody", "env": {"TOKEN": "secret"}}
    for node in other["nodes"].values():
        node["created_at"] = 0
    published = dbt.published_models(manifest)
    assert docs_page(other, published) == docs_page(manifest, published)


def test_nothing_in_a_text_ends_the_script_it_stands_in(manifest):
    other = copy.deepcopy(manifest)
    other["nodes"]["model.support_kpis.dim_kpi"]["description"] = "</script><img src=x onerror=alert(1)>"
    page = docs_page(other, []).decode()
    assert "<img src=x" not in page
    assert "\\u003c/script>\\u003cimg src=x" in page


def test_dbt_still_takes_both_texts(manifest):
    """A dbt whose page has other places for them would show nothing."""
    page = docs_page(manifest, ["dim_kpi"]).decode()
    catalog = json.loads(re.search(r"catalog:(\{.*?\}\}),?\}?,r=", page).group(1))
    columns = catalog["nodes"]["model.support_kpis.dim_kpi"]["columns"]
    assert (columns["kpi_id"]["type"], columns["higher_is_better"]["type"]) == ("varchar", "boolean")


def test_versions_share_a_page_until_the_code_changes(manifest, tmp_path):
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for folder in (first, second, third):
        folder.mkdir()
    write_docs(first, manifest, ["dim_kpi"], tmp_path / "current")
    write_docs(second, manifest, ["dim_kpi"], first)
    write_docs(third, manifest, ["dim_kpi", "dim_date"], second)
    assert (second / PAGE).samefile(first / PAGE)
    assert not (third / PAGE).samefile(first / PAGE)
    assert (third / PAGE).read_bytes() != (first / PAGE).read_bytes()
