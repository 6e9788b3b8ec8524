with

stages as (
    select *
    from (
        values ('greeting', 1), ('ivr', 2), ('queue', 3), ('agent', 4)
    ) as stages (stage, stage_no)
),

-- Asterisk and Connect record the queue and the agent only.
recorded as (
    select stages.stage, stages.stage_no, sources.source
    from stages
    cross join (select distinct source from {{ ref('fct_call') }}) as sources
    where sources.source not in ('asterisk', 'amazon_connect')
        or stages.stage in ('queue', 'agent')
)

select
    calls.contact_id,
    recorded.stage,
    case when recorded.stage = 'queue' then coalesce(calls.queue, '(none)') end as queue,
    calls.arrived_on,
    calls.is_abandoned and calls.stage_reached = recorded.stage as is_abandoned_here
from {{ ref('fct_call') }} as calls
inner join stages as reached on calls.stage_reached = reached.stage
inner join recorded
    on calls.source = recorded.source
    and recorded.stage_no <= reached.stage_no
where calls.is_offered
    and recorded.stage <> 'agent'
