with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    tickets.ticket_id,
    tickets.created_at,
    tickets.updated_at as version_at,
    tickets.status,
    tickets.channel as via,
    cast(null as varchar) as recipient,
    tickets.subject_type,
    tickets.priority,
    tickets.brand,
    tickets.team,
    coalesce(known.agent_email, lower(tickets.assignee_email)) as assignee,
    tickets.requester_email_key,
    tickets.requester_phone_key,
    coalesce(tickets.created_by = 'agent', false) as is_agent_created,
    false as is_test,
    tickets.tags,
    cast(null as varchar) as fields,
    tickets.text_match,
    tickets.issue_type,
    tickets.issue_category,
    tickets.product,
    tickets.complexity,
    tickets.order_id,
    tickets.escalated_at,
    tickets.escalation_reason,
    tickets.first_replied_at,
    tickets.first_solved_at,
    tickets.solved_at,
    tickets.reopens,
    tickets.public_replies,
    cast(null as bigint) as first_reply_business_seconds, cast(null as bigint) as resolution_business_seconds,
    tickets._load_no as load_no,
    tickets._row_no as row_no
from {{ source('raw', 'generic__tickets') }} as tickets
left join known_agents as known
    on lower(tickets.assignee_email) = lower(known.agent)
    and tickets.updated_at >= known.valid_from_at
    and tickets.updated_at < known.valid_until_at
