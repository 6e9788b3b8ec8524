"""The whole of mart_kpi_timeseries for one world."""

from tests.reference.agents import agent_rows
from tests.reference.complaints import complaint_rows
from tests.reference.contacts import History, history_at
from tests.reference.fcr import fcr_rows
from tests.reference.ratings import rating_rows
from tests.reference.remedies import bot_rows, remedy_rows
from tests.reference.resolution import resolution_rows
from tests.reference.responses import response_rows
from tests.reference.sales import sales_rows
from tests.reference.telephony import telephony_rows
from tests.reference.voice import voice_rows
from tests.reference.volume import volume_rows
from tests.reference.world import World

PARTS = (
    volume_rows,
    response_rows,
    resolution_rows,
    telephony_rows,
    fcr_rows,
    complaint_rows,
    remedy_rows,
    bot_rows,
    voice_rows,
    sales_rows,
    rating_rows,
    agent_rows,
)


def timeseries(world: World, history: History | None = None) -> list[dict]:
    """Rows (kpi_id … sample_size) of every part of the catalogue; numbers exact, null where the catalogue has null."""
    history = history or history_at(world)
    return [row for part in PARTS for row in part(world, history)]
