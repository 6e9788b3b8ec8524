with

agent_names as ({{ zendesk_agent_names() }}),

known_people as ({{ known_people('zendesk_talk', 'zendesk') }}),

groups_ as ({{ newest_names('zendesk__groups', 'group_id') }}),

customers as ({{ zendesk_requesters() }}),

-- The call's own status says where a caller gave up; who was promised a call or left words is waiting for an answer.
judged as (
    select
        calls.* exclude (talk_time, hold_time, wrap_up_time, agent_id, direction),
        calls.talk_time as own_talk_time,
        coalesce(talked.talk_time, calls.talk_time) as talk_time,
        coalesce(talked.hold_time, calls.hold_time) as hold_time,
        coalesce(talked.wrap_up_time, calls.wrap_up_time) as wrap_up_time,
        coalesce(talked.agent_id, calls.agent_id) as agent_id,
        coalesce(talked.is_transferred, false) as is_transferred,
        coalesce(groups_.name, calls.ivr_destination_group_name, calls.call_group_id) as queue,
        case when calls.direction = 'outbound' then 'outbound' else 'inbound' end as direction,
        case
            when calls.is_callback and calls.direction is distinct from 'outbound' then 'callback_requested'
            when calls.completion_status in ('abandoned_in_ivr', 'abandoned_in_queue', 'abandoned_in_voicemail')
                then 'abandoned'
            when calls.completion_status = 'abandoned_on_hold' then 'answered'
            when calls.is_voicemail or calls.completion_status = 'pending_voicemail' then 'voicemail'
            when
                coalesce(talked.agent_id, calls.agent_id) is not null
                and (calls.time_to_answer is not null or coalesce(talked.talk_time, calls.talk_time) > 0)
                then 'answered'
            when calls.completion_status = 'failed' then 'failed'
            when calls.is_overflowed then 'overflow'
            when calls.completion_status = 'not_answered' and calls.direction is distinct from 'outbound'
                then 'abandoned'
            when calls.is_queue_wait_exceeded then 'timeout'
        end as fate
    from {{ source('raw', 'zendesk_talk__calls') }} as calls
    left join {{ ref('stg_zendesk_talk__call_legs') }} as talked on calls.call_id = talked.call_id
    left join groups_ on calls.call_group_id = groups_.group_id
),

-- A wait of 0 is that of somebody who came through at once, or of nobody who waited.
timed as (
    select
        *,
        case
            when is_outside_business_hours and direction = 'inbound' and fate is distinct from 'answered' then 'closed'
            else fate
        end as outcome,
        created_at + to_seconds(duration) as ended_at,
        case
            when fate = 'answered'
                then created_at + to_seconds(coalesce(time_to_answer, coalesce(ivr_time_spent, 0) + wait_time))
        end as answered_at,
        case when wait_time > 0 or fate = 'answered' or completion_status = 'abandoned_in_queue' then wait_time end as waited
    from judged
),

-- The wait ends with the answer, or with the call of who gave up; any other begins when the menu is over.
queued as (
    select
        *,
        case
            when direction = 'outbound' or outcome = 'closed' then null
            when fate = 'answered' then answered_at - to_seconds(waited)
            when completion_status = 'abandoned_in_queue' and ended_at is not null then ended_at - to_seconds(waited)
            when waited is not null then created_at + to_seconds(coalesce(ivr_time_spent, 0))
        end as queued_at
    from timed
)

select
    'zendesk_talk' as source, 'calls' as stream,
    queued.call_id, queued.created_at as arrived_at, queued.direction, queued.outcome,
    case
        when queued.outcome = 'closed' then 'greeting'
        when queued.outcome = 'answered' then 'agent'
        when queued.queued_at is not null or queued.completion_status = 'abandoned_in_queue' then 'queue'
        when queued.ivr_time_spent > 0 or queued.completion_status = 'abandoned_in_ivr' then 'ivr'
        else 'greeting'
    end as stage_reached,
    queued.queue, queued.queue as team,
    queued.queued_at, queued.answered_at, queued.queued_at + to_seconds(queued.waited) as left_queue_at, queued.ended_at,
    {% for part in ['talk', 'hold', 'wrap_up'] -%}
    case when queued.fate in ('answered', 'callback_requested') then queued.{{ part }}_time end as {{ part }}_seconds,
    {% endfor -%}
    case
        when queued.fate in ('answered', 'callback_requested')
            then coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name, queued.agent_id)
    end as agent,
    customers.phone_key as caller_phone_key, customers.email_key as customer_email_key,
    'zendesk/tickets/' || queued.ticket_id as ticket_id,
    cast(null as varchar) as disposition, cast(null as varchar) as disposition_class,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category,
    queued.is_transferred,
    cast(null as varchar) as transferred_to_team, cast(null as varchar) as transferred_to_queues,
    false as is_escalated, cast(null as varchar) as escalation_reason,
    queued.queue as queues_touched, cast(null as varchar) as fields,
    greatest(
        queued.created_at, queued.ended_at, queued.answered_at, queued.queued_at + to_seconds(queued.waited),
        queued.answered_at + to_seconds(queued.own_talk_time)
    ) as last_instant_at,
    queued.updated_at as version_at, queued._load_no as load_no, queued._row_no as row_no
from queued
left join customers on queued.customer_id = customers.user_id
left join agent_names on queued.agent_id = agent_names.user_id
left join known_people
    on queued.agent_id = known_people.user_id
    and queued.created_at >= known_people.valid_from_at
    and queued.created_at < known_people.valid_until_at
