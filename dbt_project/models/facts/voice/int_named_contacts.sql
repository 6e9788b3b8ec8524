{{ config(materialized='by_key', key=['named_contact_id'], touched='contacts') }}

with

-- A phone ticket that belongs to a call is no contact of its own: whoever names it means the call, of several the first.
phone_tickets as (
    select
        links.ticket_contact_id as named_contact_id,
        min_by(calls.contact_id, (calls.arrived_at, calls.contact_id)) as contact_id
    from {{ ref('int_call_tickets') }} as links
    inner join {{ ref('fct_call') }} as calls on links.call_contact_id = calls.contact_id
    where links.lends
    group by links.ticket_contact_id
),

named as (
    select
        contact_id as named_contact_id,
        contact_id
    from {{ ref('fct_contact') }}
    union all
    select
        named_contact_id,
        contact_id
    from phone_tickets
)

select
    named.named_contact_id,
    contacts.contact_id,
    contacts.channel,
    contacts.brand,
    contacts.team,
    contacts.agent,
    contacts.issue_type
from named
inner join {{ ref('fct_contact') }} as contacts on named.contact_id = contacts.contact_id
