{% if not is_news() %}{{ none_touched(['source', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, and rows with an instant that as_of has reached since.
with

agents as (
    select email_key from {{ changed('stg_generic__agents') }}
),

messages as (
    select message_id from {{ fresh('generic__messages') }}
    union
    select message_id
    from {{ source('raw', 'generic__messages') }}
    where sent_at > {{ seen_as_of() }} or updated_at > {{ seen_as_of() }}
),

touched as (
    select ticket_id from {{ fresh('generic__tickets') }}
    union all
    select ticket_id
    from {{ source('raw', 'generic__tickets') }}
    where greatest(created_at, updated_at, first_replied_at, first_solved_at, solved_at, escalated_at) > {{ seen_as_of() }}
    union all
    -- A message that a later row gives to another ticket leaves the one it was in.
    select ticket_id from {{ source('raw', 'generic__messages') }} where message_id in (select message_id from messages)
    union all
    select ticket_id from {{ fresh('generic__ticket_status_changes') }}
    union all
    select ticket_id
    from {{ source('raw', 'generic__ticket_status_changes') }}
    where changed_at > {{ seen_as_of() }} or updated_at > {{ seen_as_of() }}
    union all
    select ticket_id
    from {{ source('raw', 'generic__ticket_status_changes') }}
    where actor_email_key in (select email_key from agents)
)

select distinct 'generic' as source, ticket_id from touched
{% endif %}
