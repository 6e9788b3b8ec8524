"""Who a person is to the pipeline: all keys in the lake that belong to the customer of one key.

The rules are those of the models (int_person_links, int_customers, int_orders), held against them by a test: an
address and a number are one customer where a ticket, a call or a help desk's user gives both, and links carry over. A
shared number therefore makes one customer of all who share it. To these come the keys that would stand in for a
forgotten one: other addresses of the same user, the sender of the user's own tickets, the shop's id of the orders.
An agent who stands in for a customer is not linked: what agents do is the employer's own data.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from ingestion.adapters import STREAMS
from ingestion.manifest import Manifest
from ingestion.settings import Settings
from ingestion.warehouse import raw_view

_NEWEST = (
    "qualify row_number() over (partition by {key} order by {version} desc nulls last, _load_no desc, _row_no desc) = 1"
)

#: Pairs of keys with their kinds; a pair stands there once, in one direction.
_LINKS = f"""
create temp table links as
with tickets as (
    select * from raw.generic__tickets {_NEWEST.format(key="ticket_id", version="updated_at")}
),
calls as (
    select * from raw.generic__calls {_NEWEST.format(key="call_id", version="updated_at")}
),
freshdesk_versions as (
    select ticket_id, requester_email_key, requester_phone_key, requester_id, updated_at, _load_no, _row_no
    from raw.freshdesk__tickets
    union all
    select ticket_id, requester_email_key, requester_phone_key, requester_id, updated_at, _load_no, _row_no
    from raw.freshdesk__tickets_csv
),
freshdesk_tickets as (
    select * from freshdesk_versions {_NEWEST.format(key="ticket_id", version="updated_at")}
),
freshdesk_users as (
    select distinct requester_id as user_id, requester_email_key as key
    from freshdesk_versions where requester_email_key is not null and requester_id is not null
),
users as (
    select user_id, 'email' as kind, email_key as key from raw.zendesk__users where email_key is not null
    union
    select user_id, 'phone', phone_key from raw.zendesk__users where phone_key is not null
),
senders as (
    select requester_id, 'email' as kind, via_from_email_key as key from raw.zendesk__tickets
    where via_from_email_key is not null and requester_id is not null
    union
    select requester_id, 'phone', via_from_phone_key from raw.zendesk__tickets
    where via_from_phone_key is not null and requester_id is not null
),
-- An agent who forwards mail, or whoever else writes for several customers, is none of them.
own_senders as (
    select requester_id as user_id, kind, key from senders
    where key not in (select users.key from users where users.user_id <> senders.requester_id)
    qualify count(*) over (partition by key) = 1
),
known as (select * from users union select * from own_senders)
select 'email' as kind, requester_email_key as key, 'phone' as other_kind, requester_phone_key as other_key
from tickets where requester_email_key is not null and requester_phone_key is not null
union
select 'email', customer_email_key, 'phone', caller_phone_key
from calls where customer_email_key is not null and caller_phone_key is not null
union
select 'email', requester_email_key, 'phone', requester_phone_key
from freshdesk_tickets where requester_email_key is not null and requester_phone_key is not null
union
select 'email', a.key, 'email', b.key
from freshdesk_users as a inner join freshdesk_users as b on a.user_id = b.user_id and a.key < b.key
union
select a.kind, a.key, b.kind, b.key from known as a inner join known as b on a.user_id = b.user_id and a.key < b.key
"""

_GROW = """
insert into person
select distinct kind, key from (
    select links.other_kind as kind, links.other_key as key from links inner join person on links.key = person.key
    union
    select links.kind, links.key from links inner join person on links.other_key = person.key
) where key not in (select key from person) and key not in (select key from agents)
"""

_ORDERS = """
insert into person
select distinct 'customer_id', customer_id_key from raw.generic__order_lines
where customer_email_key in (select key from person) and customer_id_key is not null
    and customer_id_key not in (select key from person)
"""


def find_person(con: duckdb.DuckDBPyConnection, settings: Settings, manifest: Manifest, keys: dict[str, str]) -> None:
    """Makes the table `person` (kind, key): `keys` (key -> kind) and all that is linked with them, and views `raw`."""
    con.execute("create schema raw")
    for id, stream in STREAMS.items():
        con.execute(raw_view(settings, stream, manifest.lake_files(id)))
    con.execute("create temp table person (kind varchar, key varchar)")
    con.executemany("insert into person values (?, ?)", [(kind, key) for key, kind in keys.items()])
    con.execute(_LINKS)
    con.execute(f"create temp table agents as {' union '.join(_agents())}")
    while con.execute(_GROW).fetchall()[0][0]:
        pass
    con.execute(_ORDERS)


def agent_rows(con: duckdb.DuckDBPyConnection) -> int:
    """Rows in which the person stands as an agent, by the work e-mail that is stored."""
    return sum(
        con.execute(f"select count(*) from ({agents}) where key in (select key from person)").fetchall()[0][0]
        for agents in _agents("all")
    )


def _agents(quantifier: str = "distinct") -> Iterator[str]:
    """SELECTs of the keys that stand beside the e-mail of an agent."""
    for (source, name), stream in STREAMS.items():
        columns = {column.lake_name for column in stream.columns}
        for column in stream.columns:
            raw = column.name if column.name in columns else f"agent_{column.name}"
            if column.person == "email" and raw in columns:
                yield (
                    f"select {quantifier} {column.lake_name} as key from raw.{source}__{name} "
                    f"where {column.lake_name} is not null and {raw} is not null"
                )
