with

known_agents as ({{ known_agents('aircall') }}),

-- Who is closed away hears that and nothing else, even if they leave words.
judged as (
    select
        *,
        case
            when answered_at is not null then 'answered'
            when direction = 'outbound' then null
            when missed_call_reason = 'out_of_opening_hours' then 'closed'
            when is_voicemail then 'voicemail'
            when missed_call_reason in ('short_abandoned', 'abandoned_in_ivr', 'abandoned_in_classic') then 'abandoned'
            when missed_call_reason = 'agents_did_not_answer' then 'timeout'
            when missed_call_reason = 'no_available_agent' then 'join_empty'
        end as outcome,
        case
            when answered_at is not null then 'agent'
            when direction = 'outbound' or missed_call_reason = 'out_of_opening_hours' then 'greeting'
            when missed_call_reason = 'abandoned_in_ivr' then 'ivr'
            when missed_call_reason in ('abandoned_in_classic', 'agents_did_not_answer', 'no_available_agent') then 'queue'
            when missed_call_reason = 'short_abandoned' and not coalesce(has_menu, false) then 'queue'
            else 'greeting'
        end as stage_reached
    from {{ source('raw', 'aircall__calls') }}
),

-- A line without a menu rings from the start. Of one with a menu nobody says how long that took.
queued as (
    select
        *,
        case
            when direction <> 'outbound' and stage_reached in ('queue', 'agent') and not coalesce(has_menu, false)
                then started_at
        end as queued_at
    from judged
)

select
    'aircall' as source, 'calls' as stream,
    queued.call_id, queued.started_at as arrived_at,
    case when queued.direction = 'outbound' then 'outbound' else 'inbound' end as direction,
    queued.outcome, queued.stage_reached,
    case when queued.direction <> 'outbound' then queued.line end as queue, queued.team,
    queued.queued_at, queued.answered_at,
    case when queued.queued_at is not null then coalesce(queued.answered_at, queued.ended_at) end as left_queue_at,
    queued.ended_at,
    {{ seconds_between('queued.answered_at', 'queued.ended_at') }} as talk_seconds,
    cast(null as decimal(18, 6)) as hold_seconds, cast(null as decimal(18, 6)) as wrap_up_seconds,
    case
        when queued.answered_at is not null
            then coalesce(
                by_email.agent_email, by_id.agent_email, queued.agent_email, queued.agent_name, queued.agent_id
            )
    end as agent,
    queued.caller_phone_key, cast(null as varchar) as customer_email_key, cast(null as varchar) as ticket_id,
    case when not contains(queued.tags, ';') then queued.tags end as disposition,
    cast(null as varchar) as disposition_class,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category,
    coalesce(queued.is_transferred, false) as is_transferred,
    cast(null as varchar) as transferred_to_team, cast(null as varchar) as transferred_to_queues,
    false as is_escalated, cast(null as varchar) as escalation_reason,
    case when queued.direction <> 'outbound' then queued.line end as queues_touched,
    case when queued.tags is not null then cast(json_object('tags', queued.tags) as varchar) end as fields,
    greatest(queued.started_at, queued.answered_at, queued.ended_at) as last_instant_at,
    cast(null as timestamp) as version_at, queued._load_no as load_no, queued._row_no as row_no
from queued
{% for name, field in [('by_email', 'agent_email'), ('by_id', 'agent_id')] -%}
left join known_agents as {{ name }}
    on lower({{ name }}.agent) = queued.{{ field }}
    and queued.started_at >= {{ name }}.valid_from_at
    and queued.started_at < {{ name }}.valid_until_at
{% endfor %}