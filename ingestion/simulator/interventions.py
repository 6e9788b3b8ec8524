"""The sample's interventions.csv: what was done on purpose, and which KPI it was meant for.

Belongs here: the rows of the file. Does not belong here: what an intervention does to the model (`incidents.py`), and
who may have the file.
"""

from datetime import date, timedelta

from ingestion.simulator.incidents import sample_incidents
from ingestion.simulator.output import DAY

_HEADER = "intervention_id,kpi_id,dimension,dimension_value,happened_on,description"
#: Planted incident -> KPI, dimension and its value, as the file names them.
_MEANT_FOR = {"tone_workshop": "nps,team,Customer Care"}


def sample_interventions(end: date) -> str:
    """The whole file for a sample that ends with midnight UTC at the start of `end`."""
    rows = [
        f'{incident.name},{_MEANT_FOR[incident.name]},{end + timedelta(days=incident.start // DAY)},"{incident.story}"'
        for incident in sample_incidents(end.weekday())
        if incident.name in _MEANT_FOR
    ]
    return "\n".join([_HEADER, *rows]) + "\n"
