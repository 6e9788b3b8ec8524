{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

run_settings as (
    select fcr_window_days from {{ source('control', 'run_settings') }}
),

-- What the configuration says of a type, wherever a call has its type from.
windows as (
    select distinct issue_type, fcr_window_days
    from {{ ref('int_issue_types') }}
    where fcr_window_days is not null
),

-- The calendar of a call is its queue's, else that of the phone row of channels.csv in force when it arrived.
phone_rows as (
    select calls.contact_id, min(channels.row_no) as row_no
    from {{ ref('fct_call') }} as calls
    inner join {{ source('control', 'cfg_channels') }} as channels
        on channels.channel = 'phone'
        and channels.match_field = 'via'
        and calls.arrived_on >= coalesce(channels.valid_from, date '0001-01-01')
        and calls.arrived_on <= coalesce(channels.valid_to, date '9999-12-31')
        and (channels.source is null or channels.source = calls.source)
    group by calls.contact_id
),

-- A call lies on the channel of the first queue it entered, whatever other queues it touched.
call_channels as (
    select
        calls.contact_id,
        min_by(matches.channel, matches.row_no) as channel
    from {{ ref('fct_call') }} as calls
    inner join {{ ref('int_channel_matches') }} as matches
        on calls.contact_id = matches.contact_id
        and calls.queue = matches.match_value
        and calls.arrived_on between matches.valid_from and matches.valid_to
    group by calls.contact_id
),

contacts as (
    select
        contact_id,
        source,
        ticket_id as source_id,
        'ticket' as contact_type,
        created_at as arrived_at,
        channel,
        brand,
        team,
        assignee as agent,
        issue_type,
        issue_category,
        product,
        customer_key,
        calendar_id,
        is_escalated,
        escalation_reason,
        is_escalated_to_management,
        customer_key is not null and status <> 'merged' as is_in_history,
        coalesce(is_solved and public_replies = 1 and coalesce(reopens, 0) = 0 and not is_escalated, false)
            as is_settled_at_once
    from {{ ref('fct_ticket') }}
    where is_contact
    union all
    select
        calls.contact_id,
        calls.source,
        calls.call_id,
        'call',
        calls.arrived_at,
        coalesce(call_channels.channel, 'phone'),
        calls.brand,
        calls.team,
        calls.agent,
        calls.issue_type,
        calls.issue_category,
        calls.product,
        calls.customer_key,
        coalesce(calls.calendar_id, phone.calendar_id),
        coalesce(own.contact_id, lent.contact_id) is not null,
        coalesce(own.reason, lent.reason),
        coalesce(own.is_management, false) or coalesce(lent.is_management, false),
        calls.customer_key is not null and calls.is_offered,
        calls.is_answered
            and not calls.is_transferred
            and own.contact_id is null and lent.contact_id is null
            and coalesce(calls.disposition_class not in ('unresolved', 'follow_up'), true)
            and coalesce(tickets.is_solved and coalesce(tickets.reopens, 0) = 0, true)
    from {{ ref('fct_call') }} as calls
    left join phone_rows on calls.contact_id = phone_rows.contact_id
    left join {{ source('control', 'cfg_channels') }} as phone on phone_rows.row_no = phone.row_no
    left join call_channels on calls.contact_id = call_channels.contact_id
    left join {{ ref('int_escalations') }} as own on calls.contact_id = own.contact_id
    left join {{ ref('int_escalations') }} as lent on calls.ticket_contact_id = lent.contact_id
    -- A merged ticket takes no part in other contacts' first contact resolution.
    left join {{ ref('fct_ticket') }} as tickets
        on calls.ticket_contact_id = tickets.contact_id
        and tickets.status <> 'merged'
)

select
    contacts.*,
    86400 * coalesce(windows.fcr_window_days, run_settings.fcr_window_days) as fcr_window_seconds
from contacts
cross join run_settings
left join windows on contacts.issue_type = windows.issue_type
