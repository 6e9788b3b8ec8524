{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

calls as (
    select
        calls.contact_id,
        calls.source,
        calls.queue,
        calls.transferred_to_queues,
        {{ local_date('coalesce(calls.queued_at, calls.arrived_at)', 'run_settings.time_zone') }} as queue_day
    from {{ ref('int_calls') }} as calls
    cross join {{ source('control', 'run_settings') }} as run_settings
    where calls.direction = 'inbound'
),

queues as (
    select contact_id, source, queue, queue_day from calls where queue is not null
    union
    select contact_id, source, unnest(string_split(transferred_to_queues, ';')), queue_day
    from calls
    where transferred_to_queues is not null
),

-- The row of queues.csv in force when the call entered its first queue; the first one wins.
matched as (
    select queues.contact_id, queues.queue, min(rules.row_no) as row_no
    from queues
    inner join {{ source('control', 'cfg_queues') }} as rules
        on queues.queue = rules.queue
        and (rules.source is null or rules.source = queues.source)
        and queues.queue_day >= coalesce(rules.valid_from, date '0001-01-01')
        and queues.queue_day <= coalesce(rules.valid_to, date '9999-12-31')
    group by queues.contact_id, queues.queue
)

select
    queues.contact_id,
    queues.queue,
    rules.team,
    rules.service_level_seconds,
    rules.calendar_id
from queues
left join matched
    on queues.contact_id = matched.contact_id
    and queues.queue = matched.queue
left join {{ source('control', 'cfg_queues') }} as rules on matched.row_no = rules.row_no
