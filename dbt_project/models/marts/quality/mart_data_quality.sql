with

future_rows as (
    select 'future_rows' as check_name, source, stream, later_rows as faults, cast(first_later_at as varchar) as example
    from {{ ref('int_stream_instants') }}
    where later_rows > 0
),

stale_streams as (
    select 'stale_streams', instants.source, instants.stream, 1, 'newest row ' || cast(instants.newest_at as varchar)
    from {{ ref('int_stream_instants') }} as instants
    inner join {{ source('control', 'freshness') }} as freshness
        on instants.source = freshness.source
        and instants.stream = freshness.stream
    cross join {{ source('control', 'run_settings') }} as run_settings
    where instants.newest_at < run_settings.as_of - to_hours(freshness.hours)
),

message_orphans as (
    select 'orphans', messages.source, 'messages', count(*), min(messages.ticket_id)
    from {{ ref('int_messages') }} as messages
    left join {{ ref('int_tickets') }} as tickets
        on messages.source = tickets.source
        and messages.ticket_id = tickets.ticket_id
    where tickets.ticket_id is null
    group by messages.source
),

change_orphans as (
    select 'orphans', changes.source, 'ticket_status_changes', count(*), min(changes.ticket_id)
    from {{ ref('int_ticket_status_changes') }} as changes
    left join {{ ref('int_tickets') }} as tickets
        on changes.source = tickets.source
        and changes.ticket_id = tickets.ticket_id
    where tickets.ticket_id is null
    group by changes.source
),

call_orphans as (
    select 'orphans', calls.source, 'calls', count(*), min(calls.contact_id)
    from {{ ref('int_calls') }} as calls
    left join {{ ref('int_call_tickets') }} as links on calls.contact_id = links.call_contact_id
    where calls.direction = 'inbound'
        and calls.ticket_id is not null
        and links.call_contact_id is null
    group by calls.source
),

clock_faults as (
    select 'clock_faults', source, 'calls', count(*), min(contact_id)
    from {{ ref('fct_call') }}
    where arrived_at > queued_at or arrived_at > answered_at
    group by source
),

reply_faults as (
    select 'clock_faults', split_part(contact_id, '/', 1), 'messages', count(*), min(contact_id)
    from {{ ref('fct_response') }}
    where replied_at < requested_at
    group by all
),

unmapped_channels as (
    select 'unmapped_channels', tickets.source, 'tickets', count(*), min(tickets.via)
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_ticket_channels') }} as channels on tickets.contact_id = channels.contact_id
    where not channels.is_mapped
    group by tickets.source
),

unmapped_issue_types as (
    select 'unmapped_issue_types', attributes.source, attributes.match_field, count(*), min(attributes.match_value)
    from {{ ref('int_contact_attributes') }} as attributes
    inner join {{ ref('int_issue_types') }} as issue_types on attributes.contact_id = issue_types.contact_id
    where not issue_types.is_known
        and attributes.match_field in ('type', 'disposition', 'tag')
    group by attributes.source, attributes.match_field
),

calls_without_outcome as (
    select 'calls_without_outcome', source, 'calls', count(*), min(contact_id)
    from {{ ref('fct_call') }}
    where outcome is null
    group by source
),

faults as (
    select * from future_rows
    union all select * from stale_streams
    union all select * from message_orphans
    union all select * from change_orphans
    union all select * from call_orphans
    union all select * from clock_faults
    union all select * from reply_faults
    union all select * from unmapped_channels
    union all select * from unmapped_issue_types
    union all select * from calls_without_outcome
)

select check_name, source, stream, cast(faults as bigint) as faults, example from faults
