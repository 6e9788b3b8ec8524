with

agent_names as ({{ freshdesk_agent_names() }}),

named_agents as ({{ freshdesk_named_agents() }}),

records as (
    select
        ticket_id,
        created_at,
        updated_at as version_at,
        status,
        coalesce(is_spam, false) as is_spam,
        coalesce(is_deleted, false) as is_deleted,
        via,
        support_email,
        priority,
        type,
        requester_email_key,
        requester_phone_key,
        responder_id as agent_id,
        cast(null as varchar) as agent_name,
        group_id,
        cast(null as varchar) as group_name,
        product_id as brand,
        tags,
        fields,
        text_match,
        metric_first_responded_at as first_responded_at,
        metric_resolved_at as resolved_at,
        metric_closed_at as closed_at,
        metric_status_updated_at as status_updated_at,
        metric_reopened_at as reopened_at,
        coalesce(metric_tells_reopened, false) as tells_reopened,
        cast(null as bigint) as public_replies,
        _load_no as load_no,
        _row_no as row_no
    from {{ source('raw', 'freshdesk__tickets') }}
),

-- A line that does not say when it was last updated is as old as the newest instant it tells, and no older than the lines of its ticket that
-- were loaded before it.
dated_lines as (
    select
        *,
        coalesce(updated_at, max(greatest(updated_at, created_at, first_responded_at, resolved_at, closed_at)) over (
            partition by ticket_id order by _load_no, _row_no
        )) as version_at
    from {{ source('raw', 'freshdesk__tickets_csv') }}
),

lines as (
    select
        dated.ticket_id,
        dated.created_at,
        dated.version_at,
        dated.status,
        false as is_spam,
        false as is_deleted,
        dated.via,
        dated.priority,
        dated.type,
        dated.requester_email_key,
        dated.requester_phone_key,
        named_agents.user_id as agent_id,
        dated.agent_name,
        dated.group_name,
        dated.product_name as brand,
        dated.tags,
        dated.fields,
        dated.text_match,
        coalesce(
            dated.first_responded_at, dated.created_at + to_seconds(dated.metric_first_response_seconds)
        ) as first_responded_at,
        coalesce(
            dated.resolved_at,
            case when dated.closed_at is null then dated.created_at + to_seconds(dated.metric_resolution_seconds) end
        ) as resolved_at,
        dated.closed_at,
        false as tells_reopened,
        dated.metric_agent_interactions as public_replies,
        -- Operational hours; without an instant beside them they stand in for the calendar's, and are nothing to compare.
        case when dated.first_responded_at is not null then dated.metric_first_response_seconds end
            as first_reply_business_seconds,
        case when coalesce(dated.resolved_at, dated.closed_at) is not null then dated.metric_resolution_seconds end
            as resolution_business_seconds,
        dated._load_no as load_no,
        dated._row_no as row_no
    from dated_lines as dated
    left join named_agents on dated.agent_name = named_agents.agent_name
    -- Of the same version the record knows more.
    anti join records on dated.ticket_id = records.ticket_id and dated.version_at = records.version_at
)

select * from records
union all by name
select * from lines
