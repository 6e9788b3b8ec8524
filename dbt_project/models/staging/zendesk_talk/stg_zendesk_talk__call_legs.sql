with

-- The version of each agent's leg that as_of sees; listeners, customers and outside lines are no agents.
legs as (
    select seen.*
    from ({{ seen_versions('zendesk_talk__legs', 'leg_id', 'updated_at') }}) as seen
    cross join {{ source('control', 'run_settings') }} as settings
    where seen.type = 'agent' and seen.created_at <= settings.as_of
    qualify row_number() over (
        partition by seen.leg_id order by seen.updated_at desc, seen._load_no desc, seen._row_no desc
    ) = 1
)

select
    call_id,
    min_by(agent_id, (created_at, lpad(leg_id, 20, '0'))) filter (where talk_time > 0) as agent_id,
    sum(talk_time) filter (where talk_time > 0) as talk_time,
    sum(hold_time) filter (where talk_time > 0) as hold_time,
    sum(wrap_up_time) filter (where talk_time > 0) as wrap_up_time,
    bool_or(is_transferred) as is_transferred
from legs
group by call_id
