{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_widened') }}

with

calls as (
    select
        calls.* replace (case when calls.outcome is distinct from 'closed' then calls.queued_at end as queued_at),
        run_settings.time_zone,
        run_settings.short_abandon_seconds,
        run_settings.service_level_seconds
    from {{ ref('int_calls') }} as calls
    cross join {{ source('control', 'run_settings') }} as run_settings
    where calls.direction = 'inbound'
),

-- A queue that nobody gave to a team is a team of its own.
moved as (
    select
        calls.contact_id,
        bool_or(coalesce(queues.team, queues.queue) is distinct from coalesce(own.team, calls.team)) as is_moved
    from calls
    inner join {{ ref('int_call_queues') }} as queues
        on calls.contact_id = queues.contact_id
        and calls.queue <> queues.queue
    left join {{ ref('int_call_queues') }} as own
        on calls.contact_id = own.contact_id
        and calls.queue = own.queue
    group by calls.contact_id
),

-- What the phone ticket of a call lends it; the call's own words win.
lent as (
    select
        call_tickets.call_contact_id as contact_id,
        tickets.contact_id as ticket_contact_id,
        coalesce(tickets.requester_email_key, tickets.requester_phone_key) as person_key,
        issue_types.issue_type,
        issue_types.issue_category,
        issue_types.product,
        issue_types.is_known,
        tickets.brand
    from {{ ref('int_call_tickets') }} as call_tickets
    inner join {{ ref('int_tickets') }} as tickets on call_tickets.ticket_contact_id = tickets.contact_id
    inner join {{ ref('int_issue_types') }} as issue_types on tickets.contact_id = issue_types.contact_id
    where call_tickets.lends
),

waits as (
    select
        contact_id,
        case
            when queued_at is null then null
            when outcome = 'answered' then {{ seconds_between('queued_at', 'answered_at') }}
            else {{ seconds_between('queued_at', 'left_queue_at') }}
        end as queue_wait_seconds
    from calls
)

select
    calls.contact_id,
    calls.source,
    calls.call_id,
    coalesce(
        customers.customer_key, calls.customer_email_key, calls.caller_phone_key, lent.person_key
    ) as customer_key,
    calls.arrived_at,
    calls.stage_reached,
    calls.queued_at,
    calls.answered_at,
    calls.ended_at,
    calls.outcome,
    waits.queue_wait_seconds,
    calls.talk_seconds,
    calls.hold_seconds,
    calls.wrap_up_seconds,
    calls.talk_seconds + coalesce(calls.hold_seconds, 0) + coalesce(calls.wrap_up_seconds, 0) as handle_seconds,
    calls.wrap_up_seconds is not null as is_acw_known,
    coalesce(calls.is_transferred, false)
        or coalesce(moved.is_moved, false)
        or coalesce(calls.transferred_to_team <> coalesce(queue_rules.team, calls.team, ''), false) as is_transferred,
    coalesce(
        calls.outcome = 'abandoned' and waits.queue_wait_seconds < calls.short_abandon_seconds, false
    ) as is_short_abandon,
    coalesce(calls.outcome <> 'closed', true) as is_offered,
    coalesce(calls.outcome = 'abandoned', false) as is_abandoned,
    coalesce(calls.outcome = 'answered', false) as is_answered,
    calls.queued_at is not null as is_queued,
    coalesce(queue_rules.service_level_seconds, calls.service_level_seconds) as service_level_seconds,
    waits.queue_wait_seconds <= coalesce(queue_rules.service_level_seconds, calls.service_level_seconds)
        as is_within_service_level,
    calls.queue,
    coalesce(queue_rules.team, calls.team) as team,
    calls.agent,
    calls.disposition,
    calls.disposition_class,
    case when own.is_known then own.issue_type else coalesce(lent.issue_type, 'unknown') end as issue_type,
    coalesce(own.issue_category, lent.issue_category) as issue_category,
    coalesce(own.product, lent.product) as product,
    lent.brand,
    lent.ticket_contact_id,
    queue_rules.calendar_id,
    calls.arrived_on,
    {{ local_hour('calls.arrived_at', 'calls.time_zone') }} as hour,
    {{ local_weekday('calls.arrived_at', 'calls.time_zone') }} as weekday,
    {{ local_date('calls.queued_at', 'calls.time_zone') }} as queued_on,
    {{ local_hour('calls.queued_at', 'calls.time_zone') }} as queued_hour,
    {{ local_weekday('calls.queued_at', 'calls.time_zone') }} as queued_weekday
from calls
inner join waits on calls.contact_id = waits.contact_id
inner join {{ ref('int_issue_types') }} as own on calls.contact_id = own.contact_id
left join lent on calls.contact_id = lent.contact_id
left join moved on calls.contact_id = moved.contact_id
left join {{ ref('int_call_queues') }} as queue_rules
    on calls.contact_id = queue_rules.contact_id
    and calls.queue = queue_rules.queue
left join {{ ref('int_customers') }} as customers
    on coalesce(calls.customer_email_key, calls.caller_phone_key, lent.person_key) = customers.person_key
