{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, rows with an instant that as_of has reached since, and what names a changed person.
with

meanings as (
    select kind, id from {{ changed('stg_zendesk__directory') }}
),

-- What a user's rows say of address and number holds for the calls they make.
customers as (
    select user_id from {{ fresh('zendesk__users') }}
    union
    select user_id from {{ source('raw', 'zendesk__users') }} where updated_at > {{ seen_as_of() }}
),

-- A leg that a later row gives to another call leaves the one it was in.
legs as (
    select leg_id from {{ fresh('zendesk_talk__legs') }}
    union
    select leg_id
    from {{ source('raw', 'zendesk_talk__legs') }}
    where greatest(created_at, updated_at) > {{ seen_as_of() }}
        or agent_id in (select id from meanings where kind = 'user')
),

touched as (
    select call_id from {{ fresh('zendesk_talk__calls') }}
    union all
    select call_id from {{ source('raw', 'zendesk_talk__legs') }} where leg_id in (select leg_id from legs)
    union all
    -- No instant of a call is later than all its durations on end.
    select call_id
    from {{ source('raw', 'zendesk_talk__calls') }}
    where
        greatest(
            updated_at,
            created_at + to_seconds(
                coalesce(duration, 0) + coalesce(time_to_answer, 0) + coalesce(ivr_time_spent, 0)
                + coalesce(wait_time, 0) + coalesce(talk_time, 0)
            )
        ) > {{ seen_as_of() }}
        or customer_id in (select user_id from customers)
        or agent_id in (select id from meanings where kind = 'user')
        or call_group_id in (select id from meanings where kind = 'group')
)

-- A version that is not seen yet may name a ticket.
select distinct
    'zendesk_talk' as source,
    'calls' as stream,
    touched.call_id,
    'zendesk/tickets/' || calls.ticket_id as ticket_id
from touched
left join {{ source('raw', 'zendesk_talk__calls') }} as calls on touched.call_id = calls.call_id
{% endif %}
