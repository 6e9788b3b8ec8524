with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    'calls' as stream,
    calls.call_id,
    calls.arrived_at,
    calls.direction,
    calls.outcome,
    calls.stage_reached,
    calls.queue,
    calls.team,
    calls.queued_at,
    calls.answered_at,
    case when calls.queued_at is not null then coalesce(calls.answered_at, calls.ended_at) end as left_queue_at,
    calls.ended_at,
    calls.talk_seconds,
    calls.hold_seconds,
    calls.wrap_up_seconds,
    coalesce(known.agent_email, lower(calls.agent_email)) as agent,
    calls.caller_phone_key,
    calls.customer_email_key,
    calls.ticket_id,
    calls.disposition,
    calls.disposition_class,
    calls.issue_type,
    calls.issue_category,
    false as is_transferred,
    calls.transferred_to_team,
    cast(null as varchar) as transferred_to_queues,
    coalesce(calls.escalated, false) as is_escalated,
    calls.escalation_reason,
    calls.queue as queues_touched,
    cast(null as varchar) as fields,
    greatest(
        calls.arrived_at, calls.queued_at, calls.answered_at, calls.ended_at,
        {{ add_seconds('calls.answered_at', 'calls.talk_seconds') }}
    ) as last_instant_at,
    calls.updated_at as version_at,
    calls._load_no as load_no,
    calls._row_no as row_no
from {{ source('raw', 'generic__calls') }} as calls
left join known_agents as known
    on lower(calls.agent_email) = lower(known.agent)
    and calls.arrived_at >= known.valid_from_at
    and calls.arrived_at < known.valid_until_at
