{{ config(materialized='by_key', key=['call_contact_id'], touched='contacts') }}

with

tickets as (
    select contact_id, source, ticket_id, status from {{ ref('int_tickets') }}
),

calls as (
    select contact_id, source, ticket_id
    from {{ ref('int_calls') }}
    where direction = 'inbound'
        and ticket_id is not null
),

-- A contact id names its ticket. A bare ticket id names a ticket of the call's own source, else of the only help desk there is.
linked as (
    select
        calls.contact_id as call_contact_id,
        coalesce(named.contact_id, own.contact_id, other.contact_id) as ticket_contact_id,
        coalesce(named.status, own.status, other.status) as ticket_status
    from calls
    left join tickets as named on calls.ticket_id = named.contact_id
    left join tickets as own
        on calls.source = own.source
        and calls.ticket_id = own.ticket_id
    left join {{ ref('int_only_help_desk') }} as only_help_desk on true
    left join tickets as other
        on only_help_desk.source = other.source
        and calls.ticket_id = other.ticket_id
)

select
    linked.call_contact_id,
    linked.ticket_contact_id,
    channels.channel = 'phone' as is_phone_ticket,
    channels.channel = 'phone' and linked.ticket_status not in ('spam', 'deleted') as lends
from linked
inner join {{ ref('int_ticket_channels') }} as channels
    on linked.ticket_contact_id = channels.contact_id
