{%- set kpis = [
    {'kpi_id': 'staffing_gap', 'name': 'Staffing gap',
     'definition': 'Agents needed for 80 % of calls within the threshold (Erlang C, with shrinkage) − agents scheduled',
     'unit': 'count', 'higher_is_better': none, 'requirements': ['A1', 'A8'],
     'facts': 'mart_staffing_gap', 'formula': 'agents_needed - agents_scheduled',
     'dimensions': []},
] -%}

{{ config(meta={'kpis': kpis}) }}

with recursive

slots as (
    select
        *,
        case when calls = 0 then 0 else calls * average_handle_time / 1800 end as load
    from {{ ref('int_staffing_slots') }}
),

-- One agent more until 80 % are answered in time.
staffings as (
    select
        queue,
        weekday,
        half_hour,
        load,
        average_handle_time,
        service_level_seconds,
        cast(0 as bigint) as agents,
        cast(1 as double) as blocking
    from slots
    where load > 0
    union all
    select
        queue,
        weekday,
        half_hour,
        load,
        average_handle_time,
        service_level_seconds,
        agents + 1,
        {{ erlang_blocking('blocking', '(agents + 1)', 'load') }}
    from staffings
    where {{ erlang_service_level('blocking', 'agents', 'load', 'average_handle_time', 'service_level_seconds') }} < 0.8
),

needs as (
    select
        queue,
        weekday,
        half_hour,
        max(agents) as agents
    from staffings
    group by queue, weekday, half_hour
),

-- Rounded up in whole millionths: 7 agents at a shrinkage of 0.3 are 10, not 11.
staffed as (
    select
        slots.*,
        case
            when slots.load = 0 then 0
            else (needs.agents * 1000000 + paid.millionths - 1) // paid.millionths
        end as agents_needed
    from slots
    cross join (
        select cast((1 - shrinkage) * 1000000 as bigint) as millionths from {{ source('control', 'run_settings') }}
    ) as paid
    left join needs
        on slots.queue = needs.queue
        and slots.weekday = needs.weekday
        and slots.half_hour = needs.half_hour
)

select
    queue,
    weekday,
    half_hour,
    calls,
    average_handle_time,
    cast(agents_needed as bigint) as agents_needed,
    agents_scheduled,
    agents_needed - agents_scheduled as gap
from staffed
