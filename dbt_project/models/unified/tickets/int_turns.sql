{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

tickets as (
    select
        tickets.contact_id,
        tickets.source,
        tickets.ticket_id,
        tickets.created_at,
        tickets.vendor_first_replied_at,
        tickets.has_exported_messages,
        coalesce(tickets.is_agent_created, false) or links.ticket_contact_id is not null as has_no_first_turn
    from {{ ref('int_tickets') }} as tickets
    left join (
        select distinct ticket_contact_id from {{ ref('int_call_tickets') }} where is_phone_ticket
    ) as links on tickets.contact_id = links.ticket_contact_id
    where tickets.status not in ('spam', 'deleted', 'merged')
        and not coalesce(tickets.is_test, false)
),

-- A customer's ticket is itself the first message; then customers' messages and public replies by people, in order.
events as (
    select contact_id, created_at as happened_at, '' as event_no, 'created' as kind, cast(null as varchar) as agent
    from tickets
    where not has_no_first_turn
    union all
    select
        tickets.contact_id,
        messages.sent_at,
        messages.message_no,
        messages.author_type,
        messages.author
    from tickets
    inner join {{ ref('int_messages') }} as messages
        on tickets.source = messages.source
        and tickets.ticket_id = messages.ticket_id
    where messages.author_type = 'customer'
        or (messages.author_type = 'agent' and messages.is_public)
    union all
    select
        tickets.contact_id,
        tickets.vendor_first_replied_at,
        '',
        'agent',
        cast(null as varchar)
    from tickets
    where not tickets.has_no_first_turn
        and not tickets.has_exported_messages
        and tickets.vendor_first_replied_at is not null
),

numbered as (
    select
        *,
        count(*) filter (where kind = 'agent') over (
            partition by contact_id
            order by kind = 'created' desc, happened_at, event_no
            rows between unbounded preceding and 1 preceding
        ) as replies_before
    from events
),

-- Between two replies lies a turn, if the customer said anything there.
turns as (
    select
        contact_id,
        replies_before,
        min(happened_at) filter (where kind <> 'agent') as requested_at,
        bool_or(kind = 'created') as is_opening,
        max(happened_at) filter (where kind = 'agent') as replied_at,
        max(agent) filter (where kind = 'agent') as agent
    from numbered
    group by contact_id, replies_before
    having count(*) filter (where kind <> 'agent') > 0
)

select
    turns.contact_id,
    row_number() over (partition by turns.contact_id order by turns.replies_before) as turn_no,
    case when turns.is_opening then tickets.created_at else turns.requested_at end as requested_at,
    turns.replied_at,
    turns.agent,
    turns.is_opening as is_first,
    not tickets.has_exported_messages as is_vendor_metric
from turns
inner join tickets on turns.contact_id = tickets.contact_id
