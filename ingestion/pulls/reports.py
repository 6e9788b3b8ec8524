"""Reports of Amazon's Selling Partner API: requested, waited for, fetched; each is one page of a pull.

The Reports API of 2021-06-30 no longer encrypts documents, so nothing is decrypted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from ingestion.pulls.api import Ask, Page, Position
from ingestion.pulls.client import PullError
from ingestion.pulls.moments import moment_of, written

REPORTS = "/reports/2021-06-30"
MARKETPLACES = "/sellers/v1/marketplaceParticipations"
POLL_SECONDS = 30.0
#: How often a run asks whether a report is ready: for an hour.
POLLS = 120
RUNNING = ("IN_QUEUE", "IN_PROGRESS")


@dataclass(frozen=True)
class Report:
    """A report for each window of time, or one of now.

    Before a report is requested, those that this pull has requested are looked through: a run that was killed behind a
    request finds it again; only where the answer to a request is lost on its way, there may be two. Amazon cancels a
    report without data: that is an empty page.

    span        seconds of a window; None for a report that has none.
    overlap     seconds before the end of the last pull at which the next one begins.
    is_single   a report of its own for each marketplace, where its language depends on it.
    """

    span: int | None
    overlap: int = 0
    is_single: bool = False

    def begin(self, since: int, until: int) -> Position:
        if self.span is None:
            return {"from": until, "to": until, "until": until, "stage": "marketplaces"}
        window = {"from": since, "to": min(since + self.span, until), "until": until}
        return {**window, "stage": "marketplaces", "over": since >= until}

    def ask(self, path: str, position: Position) -> Ask:
        match position["stage"]:
            case "marketplaces":
                return Ask(MARKETPLACES, lands=False)
            case "look":
                asked = {"reportTypes": path, "pageSize": 100, "createdSince": written(position["began"], "iso")}
                return Ask(f"{REPORTS}/reports", asked, lands=False)
            case "request":
                return Ask(f"{REPORTS}/reports", json={"reportType": path, **self._wanted(position)}, lands=False)
            case "wait":
                after = POLL_SECONDS if position["polls"] else 0.0
                return Ask(f"{REPORTS}/reports/{position['report']}", after=after, lands=False)
        return Ask(f"{REPORTS}/documents/{position['document']}", file=("url", "compressionAlgorithm"))

    def step(self, position: Position, page: Page) -> Position:
        match position["stage"]:
            case "marketplaces":
                return self._counted(position, page)
            case "look":
                if found := self._requested(position, page.content.get("reports") or []):
                    return {**position, "stage": "wait", "report": found, "polls": 0}
                # A run that is killed behind the request looks again.
                return {**position, "stage": "request", "fleeting": True}
            case "request":
                return {**position, "stage": "wait", "report": _text(page.content, "reportId"), "polls": 0}
            case "wait":
                return self._waited(position, page)
        return self._next(position)

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["from"] - self.overlap, until)

    def restart(self, position: Position) -> Position | None:
        """Amazon keeps a report for 90 days: one that is gone is requested again, once."""
        if position["stage"] not in ("wait", "document") or position["lost"]:
            return None
        return {**position, "stage": "look", "lost": [*position["lost"], position["report"]]}

    def _counted(self, position: Position, page: Page) -> Position:
        """The account's marketplaces are known, and the vendor's clock; the first report can be requested."""
        marketplaces = sorted(
            _text(one["marketplace"], "id")
            for one in page.content.get("payload") or []
            if one["participation"]["isParticipating"] and one["marketplace"]["domainName"].startswith("www.amazon.")
        )
        if not marketplaces:
            raise PullError("the account takes part in no marketplace of Amazon; check whose refresh token this is")
        date = page.headers.get("Date")
        began = int(parsedate_to_datetime(date).timestamp()) if date else position["until"]
        groups = [[one] for one in marketplaces] if self.is_single else [marketplaces]
        return {**position, "stage": "look", "began": began, "groups": groups, "left": groups, "lost": []}

    def _wanted(self, position: Position) -> dict[str, Any]:
        """What is said of a report in its request, but its type."""
        marketplaces = {"marketplaceIds": position["left"][0]}
        if self.span is None:
            return marketplaces
        window = {"dataStartTime": position["from"], "dataEndTime": position["to"]}
        return {**marketplaces, **{name: written(at, "iso") for name, at in window.items()}}

    def _requested(self, position: Position, reports: list[Mapping[str, Any]]) -> str | None:
        """The report that this pull has already requested for this window."""
        wanted = self._wanted(position)
        times = [name for name in wanted if name != "marketplaceIds"]
        for report in reports:
            is_wanted = sorted(report.get("marketplaceIds") or []) == wanted["marketplaceIds"] and all(
                moment_of(report, [name]) == moment_of(wanted, [name]) for name in times
            )
            is_alive = report["processingStatus"] in (*RUNNING, "DONE") and report["reportId"] not in position["lost"]
            if is_wanted and is_alive:
                return _text(report, "reportId")
        return None

    def _waited(self, position: Position, page: Page) -> Position:
        status, report = page.content.get("processingStatus"), position["report"]
        if status == "DONE":
            return {**position, "stage": "document", "document": _text(page.content, "reportDocumentId")}
        if status == "CANCELLED":
            return self._next(position)
        if status in RUNNING:
            polls = position["polls"] + 1
            if polls < POLLS:
                return {**position, "polls": polls}
            return {**position, "polls": 0, "error": f"report {report} is not ready; the next run goes on with it"}
        lost = [*position["lost"], report]
        error = f"Amazon could not make report {report} ({status}); the next run requests it again"
        return {**position, "stage": "look", "lost": lost, "error": error}

    def _next(self, position: Position) -> Position:
        """After a report: of the next marketplace, of the next window, or none."""
        kept = {name: position[name] for name in ("from", "to", "until", "began", "groups")}
        if left := position["left"][1:]:
            return {**kept, "stage": "look", "left": left, "lost": []}
        if self.span is None or kept["to"] >= kept["until"]:
            return {"from": kept["until"], "to": kept["until"], "until": kept["until"], "over": True}
        window = {"from": kept["to"], "to": min(kept["to"] + self.span, kept["until"])}
        return {**kept, **window, "stage": "look", "left": kept["groups"], "lost": []}


def _text(content: Mapping[str, Any], name: str) -> str:
    if not isinstance(content.get(name), str):
        raise PullError(f"the answer has no {name}")
    return content[name]
