with

run_settings as (
    select * from {{ source('control', 'run_settings') }}
),

-- The calendar of a call is its queue's, else that of the phone row of channels.csv.
phone as (
    select min_by(calendar_id, row_no) as calendar_id
    from {{ source('control', 'cfg_channels') }}
    where channel = 'phone' and calendar_id is not null
),

call_channels as (
    select
        calls.contact_id,
        min_by(matches.channel, matches.row_no) as channel
    from {{ ref('fct_call') }} as calls
    inner join {{ ref('int_channel_matches') }} as matches
        on calls.contact_id = matches.contact_id
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
        is_escalated_to_management
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
        coalesce(own.is_management, lent.is_management, false)
    from {{ ref('fct_call') }} as calls
    cross join phone
    left join call_channels on calls.contact_id = call_channels.contact_id
    left join {{ ref('int_escalations') }} as own on calls.contact_id = own.contact_id
    left join {{ ref('int_escalations') }} as lent on calls.ticket_contact_id = lent.contact_id
)

select
    contacts.contact_id,
    contacts.source,
    contacts.source_id,
    contacts.contact_type,
    contacts.arrived_at,
    contacts.channel,
    {{ channel_group('contacts.channel') }} as channel_group,
    contacts.brand,
    contacts.team,
    contacts.agent,
    contacts.issue_type,
    contacts.issue_category,
    contacts.product,
    contacts.customer_key,
    {{ is_outside_hours('arrived') }} as is_outside_hours,
    cast(null as boolean) as is_first_contact,
    cast(null as boolean) as is_mature,
    cast(null as boolean) as is_resolved_first_contact,
    contacts.is_escalated,
    contacts.escalation_reason,
    contacts.is_escalated_to_management,
    coalesce(contacts.issue_category = 'complaint', false) as is_complaint,
    {{ local_date('contacts.arrived_at', 'run_settings.time_zone') }} as arrived_on,
    {{ local_hour('contacts.arrived_at', 'run_settings.time_zone') }} as hour,
    {{ local_weekday('contacts.arrived_at', 'run_settings.time_zone') }} as weekday
from contacts
cross join run_settings
{{ join_business_time('contacts.calendar_id', 'contacts.arrived_at', 'arrived') }}
