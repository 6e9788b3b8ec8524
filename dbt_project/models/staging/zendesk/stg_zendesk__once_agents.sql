{{ config(materialized='table') }}

select user_id
from ({{ seen_versions('zendesk__users', 'user_id', 'updated_at') }}) as users
where role in ('agent', 'admin')
union
select assignee_id
from ({{ seen_versions('zendesk__tickets', 'ticket_id', 'generated_at') }}) as tickets
where assignee_id is not null
union
select user_id
from (
    select unnest([events.assignee_id, events.previous_assignee_id]) as user_id
    from {{ source('raw', 'zendesk__ticket_events') }} as events
    cross join {{ source('control', 'run_settings') }} as settings
    where events.created_at <= settings.as_of
) as assignees
where user_id is not null
