{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_widened') }}

with

replies as (
    select
        source,
        ticket_id,
        count(*) filter (where author_type = 'agent' and is_public) as public_replies
    from {{ ref('int_messages') }}
    group by source, ticket_id
),

call_tickets as (
    select distinct ticket_contact_id from {{ ref('int_call_tickets') }} where is_phone_ticket
),

tickets as (
    select
        tickets.*,
        channels.channel,
        channels.calendar_id,
        issue_types.issue_type as named_issue_type,
        issue_types.issue_category as named_issue_category,
        issue_types.product as named_product,
        solutions.is_solved,
        solutions.first_solved_at,
        solutions.solved_at,
        solutions.reopens,
        solutions.is_vendor_metric,
        case
            when tickets.has_exported_messages then coalesce(replies.public_replies, 0)
            else tickets.vendor_public_replies
        end as public_replies,
        escalations.contact_id is not null as is_escalated,
        escalations.reason as escalated_because,
        coalesce(escalations.is_management, false) as is_escalated_to_management,
        tickets.status not in ('spam', 'deleted')
            and not coalesce(tickets.is_test, false)
            and not coalesce(tickets.is_agent_created, false)
            and call_tickets.ticket_contact_id is null as is_contact,
        run_settings.time_zone
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_ticket_channels') }} as channels on tickets.contact_id = channels.contact_id
    inner join {{ ref('int_issue_types') }} as issue_types on tickets.contact_id = issue_types.contact_id
    inner join {{ ref('int_ticket_solutions') }} as solutions on tickets.contact_id = solutions.contact_id
    left join {{ ref('int_escalations') }} as escalations on tickets.contact_id = escalations.contact_id
    left join call_tickets on tickets.contact_id = call_tickets.ticket_contact_id
    left join replies
        on tickets.source = replies.source
        and tickets.ticket_id = replies.ticket_id
    cross join {{ source('control', 'run_settings') }} as run_settings
)

select
    tickets.contact_id,
    tickets.source,
    tickets.ticket_id,
    tickets.status,
    tickets.is_contact,
    tickets.is_contact and tickets.status <> 'merged' as is_resolvable,
    tickets.created_at,
    tickets.first_solved_at,
    tickets.solved_at,
    tickets.is_solved,
    tickets.reopens,
    tickets.public_replies,
    case
        when tickets.complexity is not null then tickets.complexity
        when tickets.is_escalated or tickets.public_replies >= 4 then 'complex'
        when tickets.public_replies >= 2 then 'moderate'
        else 'simple'
    end as complexity,
    {{ seconds_between('tickets.created_at', 'tickets.solved_at') }} as resolution_calendar_seconds,
    {{ business_seconds('tickets.created_at', 'tickets.solved_at', 'created', 'solved') }} as resolution_business_seconds,
    tickets.assignee,
    coalesce(customers.customer_key, tickets.requester_email_key, tickets.requester_phone_key) as customer_key,
    tickets.is_vendor_metric,
    tickets.channel,
    {{ channel_group('tickets.channel') }} as channel_group,
    tickets.via,
    tickets.brand,
    tickets.team,
    tickets.priority,
    tickets.named_issue_type as issue_type,
    tickets.named_issue_category as issue_category,
    tickets.named_product as product,
    tickets.order_id,
    tickets.is_escalated,
    tickets.escalated_because as escalation_reason,
    tickets.is_escalated_to_management,
    tickets.calendar_id,
    tickets.created_on,
    {{ local_date('tickets.first_solved_at', 'tickets.time_zone') }} as first_solved_on,
    {{ local_date('tickets.solved_at', 'tickets.time_zone') }} as solved_on
from tickets
left join {{ ref('int_customers') }} as customers
    on coalesce(tickets.requester_email_key, tickets.requester_phone_key) = customers.person_key
{{ join_business_time('tickets.calendar_id', 'tickets.created_at', 'created') }}
{{ join_business_time('tickets.calendar_id', 'tickets.solved_at', 'solved') }}
