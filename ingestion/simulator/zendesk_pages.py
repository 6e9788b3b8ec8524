"""The shape of Zendesk's export files: cursor pages, time-based pages, NDJSON for the past, full snapshots.

Belongs here: containers, page borders, file names. Does not belong here: what stands in a ticket.
"""

import base64
from pathlib import Path

from ingestion.simulator.output import DAY, Calendar, WeeklyStream, write_file

_API = "https://shop.zendesk.com/api/v2"
# Older history was loaded once from the account's NDJSON dump; since then every night fetches its pages.
PAGED_NIGHTS = 28


class PagedStream:
    """A Zendesk stream. Rows are (unix seconds, number, JSON text); a page repeats the last row of the page before."""

    def __init__(self, landing: Path, calendar: Calendar, stream: str, paging: str) -> None:
        self._folder, self._calendar = landing / "zendesk" / stream, calendar
        self._stream, self._paging = stream, paging
        self._past = WeeklyStream(landing, calendar, "zendesk", stream, suffixes=(".ndjson.zst",))

    def add(self, day: int, rows: list[tuple[int, int, str]]) -> None:
        """Writes the rows of a night."""
        rows.sort(key=lambda row: row[:2])
        if day < -PAGED_NIGHTS:
            self._past.add(day, [text for _, _, text in rows])
            return
        size = 100 if len(rows) <= 2000 else 1000
        starts = range(0, max(len(rows), 1), size)
        for page, start in enumerate(starts, 1):
            chunk = rows[max(start - 1, 0) : start + size]
            after = chunk[-1][:2] if chunk else (self._calendar.epoch((day + 1) * DAY) - 1, 0)
            name = f"{self._stream}_{self._calendar.date(day)}_{page:04d}.json"
            write_file(self._folder / name, self._page(chunk, after, start + size >= len(rows)))

    def _page(self, chunk: list[tuple[int, int, str]], after: tuple[int, int], is_last: bool) -> str:
        body = f'{{"{self._stream}":[' + ",\n ".join(text for _, _, text in chunk) + "]"
        over = "true" if is_last else "false"
        url = f"{_API}/incremental/{self._stream}"
        if self._paging == "cursor":
            cursor = base64.b64encode(f"{after[0]}.0||{after[1]}".encode()).decode().rstrip("=")
            tail = f'"after_cursor":"{cursor}","after_url":"{url}/cursor.json?cursor={cursor}","end_of_stream":{over}'
        elif self._paging == "time":
            end = f'"end_time":{after[0]},"next_page":"{url}.json?start_time={after[0]}"'
            tail = f'"count":{len(chunk)},{end},"end_of_stream":{over}'
        else:
            tail = f'"count":{len(chunk)},"next_page":null'
        return f"{body},\n{tail}}}\n"


def write_snapshots(landing: Path, calendar: Calendar) -> None:
    """Groups, brands, schedules and holidays in full, as fetched on the last night."""
    created = calendar.iso(-(calendar.days + 30) * DAY)
    groups = {990: "Customer Care", 991: "Social Media", 992: "Complaints Desk", 993: "Hotline EN"}
    stamps = f'"created_at":"{created}","updated_at":"{created}"'
    # Minutes since the local Sunday 00:00: Monday to Saturday, 09:00 to 21:00.
    opening = ",".join(f'{{"start_time":{1440 * day + 540},"end_time":{1440 * day + 1260}}}' for day in range(1, 7))
    closed = calendar.date(-33)
    pages = {
        "groups": ",".join(f'{{"id":{i},"name":"{name}","deleted":false,{stamps}}}' for i, name in groups.items()),
        "brands": ",".join(
            f'{{"id":{i},"name":"{name}","active":true,{stamps}}}' for i, name in ((12, "Shop"), (13, "Outlet"))
        ),
        "schedules": f'{{"id":360001,"name":"Care hours","time_zone":"Berlin","intervals":[{opening}],{stamps}}}',
        "holidays": f'{{"id":360901,"schedule_id":360001,"name":"Company day",'
        f'"start_date":"{closed}","end_date":"{closed}"}}',
    }
    for stream, rows in pages.items():
        name = f"{stream}_{calendar.date(-1)}.json"
        write_file(landing / "zendesk" / stream / name, f'{{"{stream}":[{rows}],"next_page":null}}\n')
