"""`python -m orchestration.deploy.prepare`, before the services start and with their environment: makes the home and
its dagster.yaml, and says in one line why our definitions could not be loaded.
"""

import os
import sys

from orchestration.ui import loaded

if __name__ == "__main__":
    place = loaded(None).dagster_home
    if os.environ.get("DAGSTER_HOME") != str(place):
        sys.exit(f"support-kpis: DAGSTER_HOME is not {place}; set it so")
