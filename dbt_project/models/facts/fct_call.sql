with

calls as (
    select
        calls.*,
        run_settings.time_zone,
        run_settings.short_abandon_seconds,
        run_settings.service_level_seconds,
        {{ local_date('coalesce(calls.queued_at, calls.arrived_at)', 'run_settings.time_zone') }} as queue_day
    from {{ ref('int_calls') }} as calls
    cross join {{ source('control', 'run_settings') }} as run_settings
    where calls.direction = 'inbound'
),

-- The row of queues.csv in force when the call entered the queue; the first one wins.
queue_rules as (
    select
        calls.contact_id,
        min_by(queues.team, queues.row_no) as team,
        min_by(queues.service_level_seconds, queues.row_no) as service_level_seconds,
        min_by(queues.calendar_id, queues.row_no) as calendar_id
    from calls
    inner join {{ source('control', 'cfg_queues') }} as queues
        on calls.queue = queues.queue
        and (queues.source is null or queues.source = calls.source)
        and calls.queue_day >= coalesce(queues.valid_from, date '0001-01-01')
        and calls.queue_day <= coalesce(queues.valid_to, date '9999-12-31')
    group by calls.contact_id
),

-- What the phone ticket of a call lends it; the call's own words win.
lent as (
    select
        call_tickets.call_contact_id as contact_id,
        tickets.contact_id as ticket_contact_id,
        coalesce(tickets.requester_email_key, tickets.requester_phone_key) as customer_key,
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
    coalesce(calls.customer_email_key, calls.caller_phone_key, lent.customer_key) as customer_key,
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
    coalesce(calls.is_transferred, false) as is_transferred,
    coalesce(
        calls.outcome = 'abandoned' and waits.queue_wait_seconds < calls.short_abandon_seconds, false
    ) as is_short_abandon,
    coalesce(calls.outcome <> 'closed', true) as is_offered,
    coalesce(calls.outcome = 'abandoned', false) as is_abandoned,
    coalesce(calls.outcome = 'answered', false) as is_answered,
    calls.queued_at is not null as is_queued,
    coalesce(queue_rules.service_level_seconds, calls.service_level_seconds) as service_level_seconds,
    coalesce(
        waits.queue_wait_seconds <= coalesce(queue_rules.service_level_seconds, calls.service_level_seconds), false
    ) as is_within_service_level,
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
left join queue_rules on calls.contact_id = queue_rules.contact_id
