{%- set metrics = [
    'reply_calendar_minutes', 'reply_business_minutes', 'reply_seconds', 'first_resolution_calendar_minutes',
    'full_resolution_business_minutes', 'solved_at', 'reopens', 'replies'
] -%}
with settings as (select as_of from {{ source('control', 'run_settings') }}),

complexity as (
    select replace(complexity_field, 'field:', '') as field_id
    from {{ source('control', 'source_settings') }}
    where source = 'zendesk' and complexity_field is not null
),

roles as ({{ zendesk_roles() }}),

once_agents as (select user_id from {{ ref('stg_zendesk__once_agents') }}),

agent_names as ({{ zendesk_agent_names() }}),

known_people as ({{ known_people('zendesk') }}),

groups_ as ({{ newest_names('zendesk__groups', 'group_id') }}),

brands as ({{ newest_names('zendesk__brands', 'brand_id') }}),

requesters as ({{ zendesk_requesters() }}),
separate_metrics as (
    select *
    from ({{ seen_versions('zendesk__ticket_metrics', 'ticket_id', 'updated_at') }}) as seen
    qualify row_number() over (partition by ticket_id order by updated_at desc, _load_no desc, _row_no desc) = 1
),

-- The vendor's own metrics come with the ticket or as a stream of their own; never half from each.
with_metrics as (
    select
        tickets.*,
        {% for metric in metrics -%}
        case
            when coalesce(tickets.metric_replies, tickets.metric_reopens) is not null then tickets.metric_{{ metric }}
            else separate_metrics.metric_{{ metric }}
        end as vendor_{{ metric }},
        {% endfor -%}
        coalesce(concat(';', tickets.tags, ';') like '%;closed\_by\_merge;%' escape '\', false) as is_merged
    from {{ source('raw', 'zendesk__tickets') }} as tickets
    left join separate_metrics on tickets.ticket_id = separate_metrics.ticket_id
)

select
    'zendesk' as source,
    tickets.ticket_id,
    tickets.created_at,
    tickets.generated_at as version_at,
    case
        when tickets.status in ('deleted', 'scrubbed') then 'deleted'
        when tickets.is_merged then 'merged'
        when tickets.status = 'archived' then 'closed'
        else tickets.status
    end as status,
    tickets.via_channel as via,
    tickets.recipient,
    tickets.type as subject_type,
    tickets.priority,
    brands.name as brand,
    groups_.name as team,
    coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name) as assignee,
    coalesce(requesters.email_key, tickets.via_from_email_key) as requester_email_key,
    coalesce(requesters.phone_key, tickets.via_from_phone_key) as requester_phone_key,
    coalesce(
        tickets.via_rel = 'outbound'
        or (
            tickets.submitter_id <> tickets.requester_id
            and coalesce(roles.is_agent, once_agents.user_id is not null)
        ),
        false
    ) as is_agent_created,
    coalesce(tickets.via_channel = 'sample_ticket', false) as is_test,
    tickets.tags,
    tickets.fields,
    tickets.text_match,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category, cast(null as varchar) as product,
    nullif(trim(lower({{ json_field('tickets.fields', 'complexity.field_id') }})), '') as complexity,
    cast(null as varchar) as order_id,
    cast(null as timestamp) as escalated_at, cast(null as varchar) as escalation_reason,
    tickets.created_at + to_seconds(
        coalesce(nullif(tickets.vendor_reply_seconds, 0), 60 * tickets.vendor_reply_calendar_minutes)
    ) as first_replied_at,
    tickets.created_at + to_seconds(60 * tickets.vendor_first_resolution_calendar_minutes) as first_solved_at,
    tickets.vendor_solved_at as solved_at,
    tickets.vendor_reopens as reopens,
    tickets.vendor_replies as public_replies,
    60 * tickets.vendor_reply_business_minutes as first_reply_business_seconds,
    60 * tickets.vendor_full_resolution_business_minutes as resolution_business_seconds,
    tickets._load_no as load_no,
    tickets._row_no as row_no
from with_metrics as tickets
left join complexity on true
left join groups_ on tickets.group_id = groups_.group_id
left join brands on tickets.brand_id = brands.brand_id
left join requesters on tickets.requester_id = requesters.user_id
left join agent_names on tickets.assignee_id = agent_names.user_id
left join known_people
    on tickets.assignee_id = known_people.user_id
    and tickets.generated_at >= known_people.valid_from_at
    and tickets.generated_at < known_people.valid_until_at
left join once_agents on tickets.submitter_id = once_agents.user_id
left join roles
    on tickets.submitter_id = roles.user_id
    and tickets.created_at >= roles.valid_from_at
    and tickets.created_at < roles.valid_until_at
