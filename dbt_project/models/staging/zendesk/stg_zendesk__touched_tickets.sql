{% if not is_news() %}{{ none_touched(['source', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, rows with an instant that as_of has reached since, and what names a changed person.
with

meanings as (
    select kind, id from {{ changed('stg_zendesk__directory') }}
),

agents as (
    select id from meanings where kind = 'user'
),

-- What a user's rows say of address and number holds for the tickets they ask for.
requesters as (
    select user_id from {{ fresh('zendesk__users') }}
    union
    select user_id from {{ source('raw', 'zendesk__users') }} where updated_at > {{ seen_as_of() }}
),

last_metric as (
    select
        *,
        greatest(
            coalesce(metric_reply_seconds, 0),
            60 * coalesce(metric_reply_calendar_minutes, 0),
            60 * coalesce(metric_first_resolution_calendar_minutes, 0)
        ) as metric_seconds
    from {{ source('raw', 'zendesk__ticket_metrics') }}
),

-- An event that a later row gives to another ticket leaves the one it was in.
events as (
    select event_id from {{ fresh('zendesk__ticket_events') }}
    union
    select event_id from {{ source('raw', 'zendesk__ticket_events') }} where created_at > {{ seen_as_of() }}
),

touched as (
    select ticket_id from {{ fresh('zendesk__tickets') }}
    union all
    select ticket_id from {{ fresh('zendesk__ticket_metrics') }}
    union all
    select ticket_id
    from {{ source('raw', 'zendesk__tickets') }}
    where
        greatest(created_at, generated_at, metric_solved_at) > {{ seen_as_of() }}
        or created_at + to_seconds(greatest(
            coalesce(metric_reply_seconds, 0),
            60 * coalesce(metric_reply_calendar_minutes, 0),
            60 * coalesce(metric_first_resolution_calendar_minutes, 0)
        )) > {{ seen_as_of() }}
    union all
    select last_metric.ticket_id
    from last_metric
    left join {{ source('raw', 'zendesk__tickets') }} as tickets on last_metric.ticket_id = tickets.ticket_id
    where
        greatest(last_metric.updated_at, last_metric.metric_solved_at) > {{ seen_as_of() }}
        or tickets.created_at + to_seconds(last_metric.metric_seconds) > {{ seen_as_of() }}
    union all
    select ticket_id from {{ source('raw', 'zendesk__ticket_events') }} where event_id in (select event_id from events)
    union all
    select ticket_id
    from {{ source('raw', 'zendesk__tickets') }}
    where
        requester_id in (select user_id from requesters)
        or submitter_id in (select id from agents)
        or assignee_id in (select id from agents)
        or group_id in (select id from meanings where kind = 'group')
        or brand_id in (select id from meanings where kind = 'brand')
    union all
    select ticket_id
    from {{ source('raw', 'zendesk__ticket_events') }}
    where updater_id in (select id from agents) or author_id in (select id from agents)
)

select distinct 'zendesk' as source, ticket_id from touched
{% endif %}
