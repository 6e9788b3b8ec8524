"""Amazon's reports as its API behaves: tokens of an hour, reports that take a while, files elsewhere for minutes."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from typing import Any, ClassVar

from ingestion.pulls.moments import moment_of, written
from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor
from tests.vendors.amazon_seller import ORDER_HEADER, ORDER_NAMES, feedback_tsv, orders_tsv, page, report
from tests.vendors.parity import Month

FORM = {"grant_type": "refresh_token", "client_id": "an-id", "client_secret": "a-secret", "refresh_token": "a-token"}
PREFIX = "SUPPORT_KPIS_AMAZON_SELLER_"
GERMANY, FRANCE = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
TAKES, TOKEN_LASTS, FILE_LASTS = 45, 3600, 300
LONGEST = 30 * 86400
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
FEEDBACK = "GET_SELLER_FEEDBACK_DATA"
PERFORMANCE = "GET_V2_SELLER_PERFORMANCE_REPORT"


def tsv(rows: list[Record]) -> bytes:
    return "\n".join([ORDER_HEADER, *("\t".join(row[name] for name in ORDER_NAMES) for row in rows), ""]).encode()


@dataclass
class AmazonSeller(Vendor):
    """`requested`: every report, with `body` made at the moment of its request. `is_packed`: its files are gzipped."""

    source: ClassVar[str] = "amazon_seller"
    credentials: ClassVar[dict[str, str]] = {f"{PREFIX}{name.upper()}": FORM[name] for name in list(FORM)[1:]}
    changing: ClassVar[dict[str, Any]] = {"orders": ("last-updated-date", "iso")}
    hosts: ClassVar[dict[str, str]] = {"ingestion.adapters.api.amazon_seller.TOKENS": "/auth/o2/token"}

    requested: list[Record] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    is_packed: bool = True
    #: What becomes of the next reports, in place of DONE.
    fates: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        told = {name.lower(): value for name, value in request.headers.items()}
        if request.path == "/auth/o2/token":
            return self._token(request)
        if request.path.startswith("/files/"):
            return self._file(request, told)
        if self.tokens.get(told.get("x-amz-access-token", ""), 0) <= self.clock.now():
            return Answer({"errors": [{"code": "Unauthorized"}]}, 403)
        answer = self._api(request, told["host"])
        answer.headers["Date"] = formatdate(self.clock.now(), usegmt=True)
        return answer

    def touch(self) -> None:
        """An order changes with all its items."""
        order = self.chance.choice(self.records["orders"])["amazon-order-id"]
        for row in self.records["orders"]:
            if row["amazon-order-id"] == order:
                row["last-updated-date"] = str(written(int(self.clock.now()), "iso"))

    def _token(self, request: Request) -> Answer:
        if request.json != FORM:
            return Answer({"error": "invalid_grant", "error_description": "The request has an invalid grant"}, 400)
        token = f"Atza|{len(self.tokens)}"
        self.tokens[token] = self.clock.now() + TOKEN_LASTS
        return Answer({"access_token": token, "token_type": "bearer", "expires_in": TOKEN_LASTS})

    def _file(self, request: Request, told: dict[str, str]) -> Answer:
        if "x-amz-access-token" in told or "authorization" in told:
            return Answer(b"<Error><Code>InvalidArgument</Code></Error>", 400)
        if float(request.query["expires"]) <= self.clock.now():
            return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403)
        body = self.requested[int(request.path.split("/")[-1])]["body"]
        return Answer(gzip.compress(body) if self.is_packed else body)

    def _api(self, request: Request, host: str) -> Answer:
        *_, kind, last = request.path.split("/")
        if last == "marketplaceParticipations":
            return Answer({"payload": self._participations()})
        if last == "reports" and request.json is not None:
            return self._request(request.json)
        if last == "reports":
            since, wanted = moment_of(request.query, ["createdSince"]), request.query["reportTypes"]
            own = [one for one in self.requested if one["reportType"] == wanted]
            return Answer({"reports": [self._told(o) for o in reversed(own) if moment_of(o, ["createdTime"]) >= since]})
        found = [one for one in self.requested if last in (one["reportId"], one["reportDocumentId"])]
        if not found:
            return Answer({"errors": [{"code": "NotFound"}]}, 404)
        if kind == "reports":
            return Answer(self._told(found[0]))
        url = f"http://{host}/files/{found[0]['number']}?expires={self.clock.now() + FILE_LASTS}&signature=secret"
        packed = {"compressionAlgorithm": "GZIP"} if self.is_packed else {}
        return Answer({"reportDocumentId": last, "url": url, **packed})

    def _request(self, wanted: Record) -> Answer:
        low, high = (moment_of(wanted, [name]) for name in ("dataStartTime", "dataEndTime"))
        if low is not None and (high - low > LONGEST or high > self.clock.now()):
            return Answer({"errors": [{"code": "InvalidInput", "message": "the window is too long or not over"}]}, 400)
        number = len(self.requested)
        body = self._body(wanted["reportType"], wanted["marketplaceIds"], low, high)
        fate = self.fates.pop(0) if self.fates else "DONE"
        report = {
            **wanted,
            "reportId": f"report-{number}",
            "reportDocumentId": f"document-{number}",
            "createdTime": written(int(self.clock.now()), "iso"),
            "number": number,
            "body": body,
            "fate": fate if body or fate != "DONE" else "CANCELLED",
        }
        self.requested.append(report)
        return Answer({"reportId": report["reportId"]}, 202)

    def _told(self, report: Record) -> Record:
        since = self.clock.now() - datetime.fromisoformat(report["createdTime"]).timestamp()
        status = report["fate"] if since >= TAKES else "IN_PROGRESS" if since > 20 else "IN_QUEUE"
        hidden = ("body", "fate", "number", *(() if status == "DONE" else ("reportDocumentId",)))
        return {name: value for name, value in report.items() if name not in hidden} | {"processingStatus": status}

    def _body(self, kind: str, marketplaces: list[str], low: int | None, high: int | None) -> bytes | None:
        if kind == PERFORMANCE:
            return json.dumps(self.records["performance"][0]).encode()
        if kind == FEEDBACK:
            rows = [row for at, row in self.by_change("feedback", "rated_at") if low <= at <= high]
            return feedback_tsv(rows) if rows and marketplaces == [GERMANY] else None
        rows = [row for at, row in self.by_change("orders", "last-updated-date") if low <= at <= high]
        return tsv(rows) if rows and GERMANY in marketplaces else None

    def _participations(self) -> list[Record]:
        known = {GERMANY: ("www.amazon.de", True), FRANCE: ("www.amazon.fr", True), "A9": ("www.amazon.it", False)}
        known["A2ZV50J4W1RKNI"] = ("sim1.stores.amazon.com", True)
        return [
            {"marketplace": {"id": id, "domainName": name}, "participation": {"isParticipating": takes_part}}
            for id, (name, takes_part) in known.items()
        ]


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records and exports: the newest state of every order, whose items all changed when the last of them did."""
    lines, changed = {}, {}
    for line in month.streams["order_lines"]:
        if line["marketplace"] == "amazon":
            lines[line["order_id"], line["line_id"]] = line
            changed[line["order_id"]] = max(changed.get(line["order_id"], ""), line["updated_at"])
    told = orders_tsv([line | {"updated_at": changed[line["order_id"]]} for line in lines.values()])
    orders = [dict(zip(ORDER_NAMES, row.split("\t"), strict=True)) for row in told.splitlines()[1:]]
    ratings = {row["order_id"]: row for row in month.streams["ratings"] if row["order_id"] and int(row["stars"]) <= 3}
    performance = json.loads(page(report(), report("A2", 3)))
    feedback = list(ratings.values())
    files = {
        "amazon_seller/orders/all.txt": tsv(orders),
        "amazon_seller/feedback/all.txt": feedback_tsv(feedback),
        "amazon_seller/performance/1.json": json.dumps(performance).encode(),
    }
    return {"orders": orders, "feedback": feedback, "performance": [performance]}, files
