"""What the environment asks of these tests, read at import: a session fixture removes our variables later."""

import os
from pathlib import Path

WORLDS = int(os.environ.get("SUPPORT_KPIS_WORLDS", "50"))
SAVED_WORLD = Path(os.environ["SUPPORT_KPIS_WORLD"]) if "SUPPORT_KPIS_WORLD" in os.environ else None
