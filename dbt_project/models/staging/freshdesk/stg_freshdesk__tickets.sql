with settings as (select as_of from {{ source('control', 'run_settings') }}),

complexity as (
    select replace(complexity_field, 'field:', '') as field_id
    from {{ source('control', 'source_settings') }}
    where source = 'freshdesk' and complexity_field is not null
),

agent_names as ({{ freshdesk_agent_names() }}),

known_people as ({{ known_people('freshdesk') }}),

groups_ as ({{ newest_names('freshdesk__groups', 'group_id') }}),

tickets as (
    select
        *,
        status in ('resolved', 'closed') as is_solved,
        -- By a status of the account's own nobody knows.
        status in ('open', 'pending', 'waiting_on_customer', 'waiting_on_third_party') as is_unsolved,
        coalesce(resolved_at, closed_at) as once_solved_at
    from {{ ref('stg_freshdesk__ticket_versions') }}
)

select
    'freshdesk' as source,
    tickets.ticket_id,
    tickets.created_at,
    tickets.version_at,
    case
        when tickets.is_deleted then 'deleted'
        when tickets.is_spam then 'spam'
        when tickets.status = 'resolved' then 'solved'
        when tickets.status = 'closed' then 'closed'
        when tickets.status in ('pending', 'waiting_on_customer') then 'pending'
        when tickets.status = 'waiting_on_third_party' then 'hold'
        else 'open'
    end as status,
    tickets.via,
    tickets.support_email as recipient,
    tickets.type as subject_type,
    tickets.priority,
    tickets.brand,
    coalesce(groups_.name, tickets.group_name) as team,
    coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name, tickets.agent_name) as assignee,
    tickets.requester_email_key,
    tickets.requester_phone_key,
    coalesce(tickets.via = 'outbound_email', false) as is_agent_created,
    false as is_test,
    tickets.tags,
    tickets.fields,
    tickets.text_match,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category, cast(null as varchar) as product,
    nullif(trim(lower({{ json_field('tickets.fields', 'complexity.field_id') }})), '') as complexity,
    cast(null as varchar) as order_id,
    cast(null as timestamp) as escalated_at, cast(null as varchar) as escalation_reason,
    tickets.first_responded_at as first_replied_at,
    least(tickets.resolved_at, tickets.closed_at) as first_solved_at,
    -- Freshdesk keeps the first resolve, or the last: one before the reopening is not the one that holds.
    case
        when not tickets.is_solved then null
        when tickets.once_solved_at >= coalesce(tickets.reopened_at, tickets.once_solved_at) then tickets.once_solved_at
        when tickets.status = 'resolved' then tickets.status_updated_at
    end as solved_at,
    cast(
        case
            when tickets.reopened_at <= settings.as_of then 1
            when tickets.is_unsolved and tickets.once_solved_at <= settings.as_of then 1
            when tickets.tells_reopened then 0
        end as bigint
    ) as reopens,
    tickets.public_replies,
    tickets.first_reply_business_seconds,
    tickets.resolution_business_seconds,
    tickets.load_no,
    tickets.row_no
from tickets
cross join settings
left join complexity on true
left join groups_ on tickets.group_id = groups_.group_id
left join agent_names on tickets.agent_id = agent_names.user_id
left join known_people
    on coalesce(tickets.agent_id, tickets.agent_name) = known_people.user_id
    and tickets.version_at >= known_people.valid_from_at
    and tickets.version_at < known_people.valid_until_at
