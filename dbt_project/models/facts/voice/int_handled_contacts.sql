with

evaluated as (
    select distinct contact_id
    from {{ ref('fct_evaluation_item') }}
    where not is_calibration and contact_id is not null
),

-- Handled: an answered call, a ticket with a public reply of an agent.
handled as (
    select contact_id from {{ ref('fct_call') }} where is_answered
    union all
    select contact_id from {{ ref('fct_ticket') }} where public_replies >= 1
)

select
    contacts.contact_id,
    contacts.arrived_on,
    contacts.agent,
    contacts.team,
    evaluated.contact_id is not null as is_evaluated
from {{ ref('fct_contact') }} as contacts
inner join handled on contacts.contact_id = handled.contact_id
left join evaluated on contacts.contact_id = evaluated.contact_id
