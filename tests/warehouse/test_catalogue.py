"""The catalogue is complete: the KPIs that the marts declare are those of tests/fixtures/catalogue.csv, each with its
dimensions. That file is the catalogue's list, kept by hand: a KPI that is dropped or renamed fails here."""

from ingestion.catalogue import kpi_catalogue
from tests.helpers import listed_kpis


def test_every_kpi_of_the_catalogue_is_declared_with_its_dimensions():
    declared = {kpi_id: list(kpi["dimensions"]) for kpi_id, kpi in kpi_catalogue().items()}
    assert {kpi_id: sorted(dimensions) for kpi_id, dimensions in declared.items()} == {
        kpi_id: sorted(dimensions) for kpi_id, dimensions in listed_kpis().items()
    }


def test_every_kpi_says_what_it_is():
    for kpi in kpi_catalogue().values():
        assert kpi["name"] and kpi["definition"] and kpi["requirements"], kpi["kpi_id"]
        assert kpi["unit"] in ("count", "ratio", "seconds", "points", "money"), kpi["kpi_id"]
        assert kpi["higher_is_better"] in (True, False, None), kpi["kpi_id"]
        assert kpi.get("settles", 4) in (4, 24, 48, 72, "due", "open"), kpi["kpi_id"]
