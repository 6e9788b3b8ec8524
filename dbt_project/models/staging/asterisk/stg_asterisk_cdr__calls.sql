-- Calls that agents dial: of a call record only these. What became of a caller is in the queue log, or nowhere.
with known_agents as ({{ known_agents('asterisk') }}),

calls as (
    select
        coalesce(linked_id, unique_id, _row_hash) as call_id,
        min(started_at) as arrived_at,
        min(answered_at) filter (where disposition = 'ANSWERED') as answered_at,
        max(ended_at) as ended_at,
        sum(talk_seconds) filter (where disposition = 'ANSWERED') as talk_seconds,
        min_by(agent, started_at) as agent,
        min_by(dialled_phone_key, started_at) as dialled_phone_key,
        max(_load_no) as load_no,
        max(_row_no) as row_no
    from (
        select *
        from {{ source('raw', 'asterisk__cdr') }}
        where is_dialled_outside and agent is not null and application = 'Dial'
        qualify row_number() over (partition by _row_hash order by _load_no, _row_no) = 1
    ) as dialled
    group by all
)

select
    'asterisk' as source, 'cdr' as stream,
    calls.call_id, calls.arrived_at, 'outbound' as direction,
    case when calls.answered_at is null then 'failed' else 'answered' end as outcome,
    cast(null as varchar) as stage_reached, cast(null as varchar) as queue, cast(null as varchar) as team,
    cast(null as timestamp) as queued_at, calls.answered_at, cast(null as timestamp) as left_queue_at, calls.ended_at,
    calls.talk_seconds, cast(null as decimal(18, 6)) as hold_seconds, cast(null as decimal(18, 6)) as wrap_up_seconds,
    coalesce(known.agent_email, calls.agent) as agent,
    calls.dialled_phone_key as caller_phone_key, cast(null as varchar) as customer_email_key,
    cast(null as varchar) as ticket_id, cast(null as varchar) as disposition, cast(null as varchar) as disposition_class,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category,
    false as is_transferred, cast(null as varchar) as transferred_to_team, cast(null as varchar) as transferred_to_queues,
    false as is_escalated, cast(null as varchar) as escalation_reason, cast(null as varchar) as queues_touched,
    cast(null as varchar) as fields,
    calls.ended_at as last_instant_at,
    cast(null as timestamp) as version_at, calls.load_no, calls.row_no
from calls
left join known_agents as known
    on calls.agent = known.agent
    and calls.arrived_at >= known.valid_from_at
    and calls.arrived_at < known.valid_until_at
