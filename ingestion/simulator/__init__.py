"""A seeded discrete-event simulator of a contact centre that writes vendor-shaped exports into a landing area.

Belongs in this package: the model of the contact centre and the spelling of each vendor's export.
Does not belong here: reading exports. Nothing reads the clock; everything follows from the arguments.
"""

from ingestion.simulator.interventions import sample_interventions
from ingestion.simulator.model import simulate
from ingestion.simulator.sample import write_sample

__all__ = ["sample_interventions", "simulate", "write_sample"]
