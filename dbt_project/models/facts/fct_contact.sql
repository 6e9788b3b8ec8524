{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

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
    first_contacts.is_first_contact,
    first_contacts.is_mature,
    first_contacts.is_resolved_first_contact,
    contacts.is_escalated,
    contacts.escalation_reason,
    contacts.is_escalated_to_management,
    coalesce(contacts.issue_category = 'complaint', false) as is_complaint,
    {{ local_date('contacts.arrived_at', 'run_settings.time_zone') }} as arrived_on,
    {{ local_hour('contacts.arrived_at', 'run_settings.time_zone') }} as hour,
    {{ local_weekday('contacts.arrived_at', 'run_settings.time_zone') }} as weekday
from {{ ref('int_contacts') }} as contacts
cross join {{ source('control', 'run_settings') }} as run_settings
left join {{ ref('int_first_contacts') }} as first_contacts on contacts.contact_id = first_contacts.contact_id
{{ join_business_time('contacts.calendar_id', 'contacts.arrived_at', 'arrived') }}
