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

clock_jumps as (
    select 'clock_jumps', source, stream, count(*), min(cast(before_at as varchar) || ' to ' || cast(logged_at as varchar))
    from ({{ union_staging('clock_jumps') }})
    group by source, stream
),

-- What is open ends at as_of and overlaps by design: the next status closes it.
overlapping_statuses as (
    select 'overlapping_statuses', source, 'status_intervals', count(*), min(agent || ' ' || cast(starts_at as varchar))
    from (
        select *, lead(starts_at) over (partition by agent order by starts_at) as next_starts_at
        from {{ ref('int_status_intervals') }}
    )
    cross join {{ source('control', 'run_settings') }} as run_settings
    where ends_at > next_starts_at
        and ends_at < as_of
    group by source
),

mixed_currencies as (
    select 'mixed_currencies', source, 'order_lines', count(*), min(order_id)
    from (
        select marketplace, order_id, min(source) as source
        from {{ ref('int_order_lines') }}
        where not is_cancelled
        group by marketplace, order_id
        having count(distinct currency) > 1
    )
    group by source
),

unmapped_channels as (
    select 'unmapped_channels', tickets.source, 'tickets', count(*), min(tickets.via)
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_ticket_channels') }} as channels on tickets.contact_id = channels.contact_id
    where not channels.is_mapped
    group by tickets.source
),

-- A tag that says something else, an escalation, is no type that somebody forgot. Nobody sorts spam and merged tickets.
unmapped_issue_types as (
    select 'unmapped_issue_types', attributes.source, attributes.match_field, count(*), min(attributes.match_value)
    from {{ ref('int_contact_attributes') }} as attributes
    inner join {{ ref('int_issue_types') }} as issue_types on attributes.contact_id = issue_types.contact_id
    left join {{ source('control', 'cfg_escalations') }} as escalations
        on attributes.match_field = escalations.match_field
        and attributes.match_value = escalations.match_value
        and (escalations.source is null or escalations.source = attributes.source)
    where not issue_types.is_known
        and attributes.match_field in ('type', 'disposition', 'tag')
        and escalations.match_value is null
        and attributes.contact_id not in (
            select contact_id from {{ ref('int_tickets') }} where status in ('merged', 'spam', 'deleted')
        )
    group by attributes.source, attributes.match_field
),

-- Where agents.csv names agents of a source, one who stands under the vendor's name was forgotten.
unmapped_agents as (
    select 'unmapped_agents', source, 'calls', count(*), min(agent)
    from {{ ref('int_calls') }}
    where agent not like '%@%'
        and source in (select source from {{ source('control', 'cfg_agents') }})
    group by source
),

-- Where nobody knows the status of a ticket that was resolved, it counts as unsolved all the same.
unknown_statuses as (
    select 'unknown_statuses', source, 'tickets', count(*), min(status)
    from ({{ union_staging('unknown_statuses') }})
    group by source
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
    union all select 'orphans', source, stream, faults, example from {{ ref('int_orphans') }}
    union all select 'clock_faults', source, stream, faults, example from {{ ref('int_clock_faults') }}
    union all select * from clock_jumps
    union all select * from overlapping_statuses
    union all select * from mixed_currencies
    union all select * from unmapped_channels
    union all select * from unmapped_issue_types
    union all select * from unmapped_agents
    union all select * from unknown_statuses
    union all select * from calls_without_outcome
)

select check_name, source, stream, cast(faults as bigint) as faults, example from faults
