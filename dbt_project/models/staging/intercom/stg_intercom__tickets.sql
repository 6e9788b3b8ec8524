with

known_agents as ({{ known_agents('intercom') }}),

complexity as (
    select replace(complexity_field, 'field:', '') as field_id
    from {{ source('control', 'source_settings') }}
    where source = 'intercom' and complexity_field is not null
),

conversations as (
    select
        *,
        coalesce(
            {{ intercom_status('state') }},
            case when is_open then 'open' when not is_open then 'closed' end,
            'open'
        ) as status
    from {{ source('raw', 'intercom__conversations') }}
)

select
    'intercom' as source,
    conversations.conversation_id as ticket_id,
    conversations.created_at,
    conversations.updated_at as version_at,
    conversations.status,
    conversations.source_type as via,
    cast(null as varchar) as recipient,
    cast(null as varchar) as subject_type,
    conversations.priority,
    cast(null as varchar) as brand,
    conversations.team_assignee_id as team,
    coalesce(known.agent_email, conversations.admin_assignee_id) as assignee,
    conversations.customer_email_key as requester_email_key,
    cast(null as varchar) as requester_phone_key,
    coalesce(
        conversations.delivered_as in ('admin_initiated', 'campaigns_initiated', 'automated'),
        conversations.source_author_type = 'admin',
        false
    ) as is_agent_created,
    false as is_test,
    conversations.tags,
    conversations.fields,
    conversations.text_match,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category, cast(null as varchar) as product,
    nullif(trim(lower({{ json_field('conversations.fields', 'complexity.field_id') }})), '') as complexity,
    cast(null as varchar) as order_id,
    cast(null as timestamp) as escalated_at, cast(null as varchar) as escalation_reason,
    conversations.first_admin_reply_at as first_replied_at,
    conversations.first_close_at as first_solved_at,
    -- Who was never reopened was closed once.
    case
        when conversations.status = 'closed'
            then coalesce(
                conversations.last_close_at,
                case when conversations.count_reopens = 0 then conversations.first_close_at end
            )
    end as solved_at,
    conversations.count_reopens as reopens,
    cast(null as bigint) as public_replies,
    cast(null as bigint) as first_reply_business_seconds, cast(null as bigint) as resolution_business_seconds,
    conversations._load_no as load_no,
    conversations._row_no as row_no
from conversations
left join complexity on true
left join known_agents as known
    on conversations.admin_assignee_id = known.agent
    and conversations.updated_at >= known.valid_from_at
    and conversations.updated_at < known.valid_until_at
