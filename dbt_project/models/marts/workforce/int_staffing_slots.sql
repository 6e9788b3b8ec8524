with

calls as (
    select
        calls.contact_id,
        calls.queue,
        calls.team,
        calls.queued_at,
        calls.service_level_seconds,
        case when calls.is_answered then calls.handle_seconds end as handle_seconds,
        {{ local_time('calls.queued_at', 'run_settings.time_zone') }} as local_queued_at
    from {{ ref('fct_call') }} as calls
    cross join (
        select time_zone, {{ local_date('as_of', 'time_zone') }} as today from {{ source('control', 'run_settings') }}
    ) as run_settings
    where calls.queue is not null
        and calls.queued_on between run_settings.today - 28 and run_settings.today - 1
),

-- Team and threshold as of the last call.
queues as (
    select
        queue,
        max_by(team, (queued_at, contact_id)) as team,
        max_by(service_level_seconds, (queued_at, contact_id)) as service_level_seconds,
        cast(sum(handle_seconds) as double) / nullif(count(handle_seconds), 0) as average_handle_time,
        count(*) as calls
    from calls
    group by queue
),

cells as (
    select
        queue,
        cast(isodow(local_queued_at) as bigint) as weekday,
        cast(hour(local_queued_at) * 2 + minute(local_queued_at) // 30 as bigint) as half_hour,
        count(*) as calls,
        cast(sum(handle_seconds) as double) / nullif(count(handle_seconds), 0) as average_handle_time
    from calls
    group by all
),

slots as (
    select queue, weekday, half_hour from cells
    union
    select
        queues.queue,
        scheduled.weekday,
        scheduled.half_hour
    from queues
    inner join {{ ref('int_scheduled_half_hours') }} as scheduled on queues.team = scheduled.team
),

loads as (
    select
        slots.queue,
        slots.weekday,
        slots.half_hour,
        queues.team,
        queues.service_level_seconds,
        coalesce(cells.calls, 0) as calls,
        coalesce(cells.average_handle_time, queues.average_handle_time) as average_handle_time,
        cast(
            coalesce(cells.calls * coalesce(cells.average_handle_time, queues.average_handle_time), 0) as decimal(28, 9)
        ) as load_seconds,
        cast(coalesce(queues.calls * queues.average_handle_time, 0) as decimal(28, 9)) as queue_load_seconds
    from slots
    inner join queues on slots.queue = queues.queue
    left join cells
        on slots.queue = cells.queue
        and slots.weekday = cells.weekday
        and slots.half_hour = cells.half_hour
),

-- A team's agents go to its queues by their load of the half-hour; without any, by that of the 28 days, else evenly.
shares as (
    select
        *,
        coalesce(
            load_seconds / nullif(sum(load_seconds) over slot, 0),
            queue_load_seconds / nullif(sum(queue_load_seconds) over slot, 0),
            1 / count(*) over slot
        ) as share
    from loads
    window slot as (partition by team, weekday, half_hour)
)

-- 28 days hold each half-hour of the week four times.
select
    shares.queue,
    shares.weekday,
    shares.half_hour,
    cast(shares.calls as double) / 4 as calls,
    shares.average_handle_time,
    shares.service_level_seconds,
    coalesce(cast(scheduled.scheduled_seconds as double), 0) / (4 * 1800) * shares.share as agents_scheduled
from shares
left join {{ ref('int_scheduled_half_hours') }} as scheduled
    on shares.team = scheduled.team
    and shares.weekday = scheduled.weekday
    and shares.half_hour = scheduled.half_hour
