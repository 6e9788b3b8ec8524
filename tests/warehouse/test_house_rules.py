"""Rules of the house that dbt itself does not hold, read off its manifest."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from ingestion.adapters import STREAMS
from orchestration.lib.dbt import PROJECT

LAYERS = ["staging", "unified", "facts", "marts"]
PREFIXES = {"staging": ("stg_",), "unified": ("int_",), "facts": ("fct_", "int_"), "marts": ("mart_", "dim_", "int_")}
PUBLISHED = ("dim_", "fct_", "mart_")
SQL_LINES = 125
UNORDERED = re.compile(r"\b(avg|fsum|var_samp|var_pop|variance|stddev\w*|corr|covar\w*|regr_\w+)\(")


@pytest.fixture(scope="session")
def models(dbt_manifest) -> dict[str, dict]:
    return {node["name"]: node for node in dbt_manifest["nodes"].values() if node["resource_type"] == "model"}


def layer(model: dict) -> str:
    return Path(model["original_file_path"]).parts[1]


def models_with(dbt_manifest: dict, kind: str) -> set[str]:
    nodes = [*dbt_manifest["nodes"].values(), *dbt_manifest["unit_tests"].values()]
    found = set()
    for node in nodes:
        if kind == "unit" and node["resource_type"] == "unit_test":
            found.add(node["model"])
        elif kind == "key" and (node.get("test_metadata") or {}).get("name") == "unique_combination":
            found.add(node["attached_node"].split(".")[-1])
    return found


def test_models_are_named_for_their_layer(models):
    assert [name for name, node in models.items() if not name.startswith(PREFIXES[layer(node)])] == []


def test_layers_read_only_layers_before_them(models):
    wrong = []
    for name, node in models.items():
        for parent in node["depends_on"]["nodes"]:
            kind, _, parent_name, *_ = parent.split(".")
            if kind == "model" and LAYERS.index(layer(models[parent_name])) > LAYERS.index(layer(node)):
                wrong.append((name, parent_name))
    assert wrong == []


def test_raw_streams_are_read_by_staging_only(models):
    raw = "source.support_kpis.raw."
    readers = {n for n, node in models.items() if any(p.startswith(raw) for p in node["depends_on"]["nodes"])}
    assert {name for name in readers if not name.startswith("stg_")} == {"int_stream_instants"}  # freshness


def test_vendors_end_in_staging(models):
    """After staging no model may know a vendor, but for the stages that a telephony source records."""
    vendors = [f"'{source}'" for source, _ in STREAMS if source != "generic"]
    later = {n: node["raw_code"] for n, node in models.items() if layer(node) != "staging"}
    named = {n for n, sql in later.items() if any(vendor in sql for vendor in vendors)}
    assert named == {"int_call_stages"}


def test_every_model_is_described_with_its_grain(models):
    assert [name for name, node in models.items() if not node["description"].startswith("One row per")] == []


def test_one_yml_beside_every_sql(models):
    sql = {path.with_suffix("") for path in (PROJECT / "models").rglob("*.sql")}
    yml = {path.with_suffix("") for path in (PROJECT / "models").rglob("*.yml") if not path.name.startswith("_")}
    assert sql == yml


def test_published_models_have_contracts_and_described_columns(models):
    published = {name: node for name, node in models.items() if name.startswith(PUBLISHED)}
    assert [name for name, node in published.items() if not node["config"]["contract"]["enforced"]] == []
    columns = [(name, column) for name, node in published.items() for column in node["columns"].values()]
    assert [(name, column["name"]) for name, column in columns if not column["description"]] == []


def test_a_text_that_published_columns_share_stands_once(models):
    """As a doc block: of two copies one is forgotten."""
    written = defaultdict(set)
    for name, node in models.items():
        if name.startswith(PUBLISHED):
            for column in node["columns"].values():
                written[column["description"]].add((name, bool(column["doc_blocks"])))
    assert {text: by for text, by in written.items() if len(by) > 1 and not all(block for _, block in by)} == {}


def test_published_models_and_tables_have_a_key(models, dbt_manifest):
    keys = models_with(dbt_manifest, "key")
    assert {name for name in models if name.startswith(PUBLISHED)} - keys == set()


def test_facts_and_marts_have_unit_tests(models, dbt_manifest):
    units = models_with(dbt_manifest, "unit")
    assert {name for name in models if name.startswith(("fct_", "mart_"))} - units == set()


def test_no_model_and_no_macro_reads_the_clock(models, dbt_manifest):
    code = {name: node["raw_code"] for name, node in models.items()}
    own = [macro for macro in dbt_manifest["macros"].values() if macro["package_name"] == "support_kpis"]
    assert len(own) > 20
    code |= {macro["name"]: macro["macro_sql"] for macro in own}
    clocks = re.compile(
        r"current_(timestamp|date|time)|localtime|get_current|transaction_timestamp|(now|today)\s*\(\s*\)"
    )
    assert [name for name, sql in code.items() if clocks.search(sql.lower())] == []


def test_sql_files_stay_short():
    paths = [*(PROJECT / "models").rglob("*.sql"), *(PROJECT / "macros").rglob("*.sql")]
    assert {p.name: n for p in paths if (n := len(p.read_text().splitlines())) > SQL_LINES} == {}


def test_floating_point_is_added_up_in_a_fixed_order():
    """Variances and means of DOUBLE depend in their last digit on the order in which threads meet the rows."""
    found = []
    for path in [*(PROJECT / "models").rglob("*.sql"), *(PROJECT / "macros").rglob("*.sql")]:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if UNORDERED.search(line) and " order by " not in line:
                found.append(f"{path.name}:{number}")
    assert found == []


def parents(models: dict, name: str) -> set[str]:
    """Names of the models that a model reads, through views too."""
    found = set()
    for parent in models[name]["depends_on"]["nodes"]:
        kind, _, parent_name, *_ = parent.split(".")
        if kind == "model":
            is_view = models[parent_name]["config"]["materialized"] == "view"
            found |= {parent_name} | (parents(models, parent_name) if is_view else set())
    return found


def ancestors(models: dict, name: str) -> set[str]:
    return set().union(*({parent} | ancestors(models, parent) for parent in parents(models, name)))


#: What a by_key model is `touched` by -> the models that say which keys, among the unified models and among the facts.
TOUCHED = {
    "contacts": ("int_touched", "int_widened"),
    "tickets": ("int_touched", "int_widened"),
    "order_numbers": ("int_touched_orders", "int_widened_sales"),
    "orders": (None, "int_widened_sales"),
    "customers": (None, "int_widened_sales"),
    "responses": ("int_touched_responses", "int_widened_responses"),
}


def by_key(models: dict, layer_name: str) -> dict[str, str]:
    """Model -> what it is touched by."""
    keyed = {name: model["config"] for name, model in models.items() if model["config"]["materialized"] == "by_key"}
    return {name: config["touched"] for name, config in keyed.items() if layer(models[name]) == layer_name}


def test_models_by_key_wait_for_what_they_are_computed_for(models):
    unified, facts = by_key(models, "unified"), by_key(models, "facts")
    assert len(unified) > 10 and len(facts) > 10
    for name, kind in unified.items():
        touched, widened = TOUCHED[kind]
        assert touched in ancestors(models, name)
        assert name in ancestors(models, widened), f"{widened} copies what is not done yet"
    for name, kind in facts.items():
        assert TOUCHED[kind][1] in ancestors(models, name), name


def test_whoever_gives_tickets_or_calls_says_which_are_touched(models):
    def sources(reader: str, entity: str) -> set[str]:
        staged = {name for name in ancestors(models, reader) if re.fullmatch(rf"stg_\w+__{entity}", name)}
        return {name.split("__")[0] for name in staged}

    assert sources("int_touched", "touched_tickets") == sources("int_tickets", "tickets")
    assert sources("int_touched", "touched_calls") == sources("int_calls", "calls")


@pytest.mark.parametrize(
    ("entity", "said"), [("order_lines", ["of_order"]), ("survey_responses", ["of_response", "of_ticket"])]
)
def test_whoever_gives_orders_or_responses_says_which_its_rows_are_of(models, dbt_manifest, entity, said):
    """Else nobody would look for what is new of them."""
    vendors = dbt_manifest["macros"]["macro.support_kpis.vendors"]["macro_sql"]
    staged = [name for name in models if re.fullmatch(rf"stg_\w+__{entity}", name)]
    assert len(staged) > 3
    for name in staged:
        read = [one.split(".")[-1] for one in models[name]["depends_on"]["nodes"] if one.startswith("source.")]
        entries = [re.search(rf"'{stream}': {{(.*?)}}", vendors, re.DOTALL) for stream in read]
        assert any(f"'{word}'" in entry[1] for entry in entries if entry for word in said), name


def test_whole_tables_that_models_by_key_read_are_known(models):
    """A change of one of these may change rows without news: the models that say what is touched must find them."""
    keyed = by_key(models, "unified") | by_key(models, "facts")
    told = {name for pair in TOUCHED.values() for name in pair if name}
    read = set().union(*(parents(models, name) for name in keyed)) - keyed.keys() - told
    assert {name for name in read if models[name]["config"]["materialized"] != "view"} == {
        "int_calendar_days", "int_calendar_range", "int_customers", "int_only_help_desk", "int_order_complaints",
        "stg_generic__agents", "stg_zendesk__once_agents",
    }  # fmt: skip
