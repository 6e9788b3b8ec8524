"""`pull/<source>/<stream>`: pages of the vendors' APIs in the landing area, an asset for each endpoint that
settings.toml asks for.

Belongs here: how pulling shows in Dagster. Not here: asking a vendor (ingestion/pulls), loading what came (defs.raw).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from ingestion.configuration import Configuration
from ingestion.streams import StreamId
from orchestration.lib.nightly_run import NightlyRun

if TYPE_CHECKING:  # the HTTP library is loaded where something is pulled
    from ingestion.pulls.api import Endpoint
    from ingestion.pulls.pull import Pulled

GROUP = "pulled"
COMPLETE = "pull_is_complete"

DESCRIPTION = """Pages of the vendor's API, as they came, in `landing/{landed}/pulled/`.

Each night goes on where the last one ended. A page is on disk before that place moves, so that a pull which is killed
or refused loses nothing and goes on with the next run.
"""


def pull_key(stream: StreamId) -> dg.AssetKey:
    return dg.AssetKey(["pull", *stream])


def pulls_of(configuration: Configuration) -> dict[StreamId, list[dg.AssetKey]]:
    """Stream -> the pulls that land something of it; nothing of streams whose exports arrive by themselves."""
    found: dict[StreamId, list[dg.AssetKey]] = {}
    for id, endpoint in _endpoints(configuration).items():
        landed = {endpoint.stream} if endpoint.lands else set()
        for stream in landed | ({endpoint.follow.stream} if endpoint.follow else set()):
            found.setdefault((id[0], stream), []).append(pull_key(id))
    return found


def pulled_endpoints(configuration: Configuration) -> list[dg.AssetsDefinition]:
    """All endpoints as assets of one step; none where settings.toml has no [pulls]."""
    endpoints = _endpoints(configuration)
    if not endpoints:
        return []

    @dg.multi_asset(
        name="pull",
        specs=[_spec(id, endpoint) for id, endpoint in endpoints.items()],
        check_specs=[
            dg.AssetCheckSpec(
                COMPLETE, asset=pull_key(id), description="The vendor was read to its newest record, without a gap."
            )
            for id in endpoints
        ],
        can_subset=True,
    )
    def pull_endpoints(context: dg.AssetExecutionContext, nightly_run: NightlyRun) -> Iterator:
        """Pull what is new, vendors side by side."""
        from ingestion.pulls.pull import pull

        asked = nightly_run.asked()
        selected = {(key.path[1], key.path[2]) for key in context.selected_asset_keys}
        nightly_run.say(context, f"pull: {len(selected & asked.streams)} endpoints")
        found = pull(
            nightly_run.settings,
            nightly_run.configuration,
            only=selected & asked.streams,
            days=asked.pulled_days,
            progress=lambda text: nightly_run.say(context, f"  {text}"),
        )
        for id in [id for id in endpoints if id in selected]:
            yield dg.MaterializeResult(pull_key(id), metadata=_metadata(found.get(id)))
            yield _check(id, found.get(id))

    return [pull_endpoints]


def _endpoints(configuration: Configuration) -> "dict[StreamId, Endpoint]":
    """Without [pulls], the HTTP library stays unloaded."""
    if not configuration.settings["pulls"]:
        return {}
    from ingestion.pulls.accounts import pulled_streams

    return pulled_streams(configuration)


def _spec(id: StreamId, endpoint: "Endpoint") -> dg.AssetSpec:
    landed = endpoint.stream if endpoint.lands else endpoint.follow.stream
    return dg.AssetSpec(
        pull_key(id),
        description=DESCRIPTION.format(landed=f"{id[0]}/{landed}"),
        group_name=GROUP,
        kinds={"api"},
        skippable=True,
    )


def _metadata(found: "Pulled | None") -> dict[str, Any]:
    if found is None:
        return {"pages": 0, "result": "not asked for in this run"}
    return {
        "pages": found.pages,
        "rows": found.rows,
        "bytes": found.bytes,
        "requests": found.requests,
        "seconds": round(found.seconds, 3),
        "result": found.error or "complete",
    }


def _check(id: StreamId, found: "Pulled | None") -> dg.AssetCheckResult:
    """A warning, never blocking: what has landed is loaded, and a vendor that is down keeps nobody else waiting."""
    told = [*(found.notes if found else ()), *([found.error] if found and found.error else [])]
    return dg.AssetCheckResult(
        asset_key=pull_key(id),
        check_name=COMPLETE,
        passed=not told,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(told) or "complete",
    )
