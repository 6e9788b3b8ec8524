with

-- `least` passes over nulls. One contact or order with several faults of a stream counts once.
faulty as (
    select source, 'calls' as stream, contact_id as example
    from {{ ref('fct_call') }}
    where least(queued_at, answered_at, ended_at) < arrived_at
    union
    select source, 'tickets', contact_id
    from {{ ref('int_tickets') }}
    where least(escalated_at, vendor_first_replied_at, vendor_first_solved_at, vendor_solved_at) < created_at
    union
    select messages.source, 'messages', tickets.contact_id
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_tickets') }} as tickets
        on messages.source = tickets.source
        and messages.ticket_id = tickets.ticket_id
    where messages.sent_at < tickets.created_at
    union
    select changes.source, 'ticket_status_changes', tickets.contact_id
    from {{ ref('int_ticket_status_changes') }} as changes
    inner join {{ ref('int_tickets') }} as tickets
        on changes.source = tickets.source
        and changes.ticket_id = tickets.ticket_id
    where changes.changed_at < tickets.created_at
    union
    select source, 'survey_responses', response_id
    from {{ ref('int_survey_responses') }}
    where answered_at < offered_at
    union
    select source, 'order_lines', order_id
    from {{ ref('int_order_lines') }}
    where least(shipped_at, delivered_at, cancelled_at) < ordered_at
        or delivered_at < shipped_at
)

select
    source,
    stream,
    count(*) as faults,
    min(example) as example
from faulty
group by source, stream
