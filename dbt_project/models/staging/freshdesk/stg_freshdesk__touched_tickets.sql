{% if not is_news() %}{{ none_touched(['source', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, rows with an instant that as_of has reached since, and what names a changed person or group.
with

meanings as (
    select kind, id from {{ changed('stg_freshdesk__directory') }}
),

agents as (
    select id from meanings where kind = 'agent'
),

-- A conversation that a later row gives to another ticket leaves the one it was in.
conversations as (
    select conversation_id from {{ fresh('freshdesk__conversations') }}
    union
    select conversation_id
    from {{ source('raw', 'freshdesk__conversations') }}
    where greatest(created_at, updated_at) > {{ seen_as_of() }}
        or user_id in (select id from agents)
),

touched as (
    select ticket_id from {{ fresh('freshdesk__tickets') }}
    union all
    select ticket_id from {{ fresh('freshdesk__tickets_csv') }}
    union all
    select ticket_id
    from {{ source('raw', 'freshdesk__conversations') }}
    where conversation_id in (select conversation_id from conversations)
    union all
    select ticket_id
    from {{ source('raw', 'freshdesk__tickets') }}
    where greatest(
        created_at, updated_at, metric_first_responded_at, metric_status_updated_at, metric_reopened_at, metric_resolved_at,
        metric_closed_at
    ) > {{ seen_as_of() }}
    or responder_id in (select id from agents)
    or group_id in (select id from meanings where kind = 'group')
    union all
    select ticket_id
    from {{ source('raw', 'freshdesk__tickets_csv') }}
    where greatest(created_at, updated_at, first_responded_at, resolved_at, closed_at) > {{ seen_as_of() }}
        or created_at + to_seconds(
            greatest(coalesce(metric_first_response_seconds, 0), coalesce(metric_resolution_seconds, 0))
        ) > {{ seen_as_of() }}
        or agent_name in (select id from meanings where kind = 'name')
)

select distinct 'freshdesk' as source, ticket_id from touched
{% endif %}
