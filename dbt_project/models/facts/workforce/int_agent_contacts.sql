{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

-- A phone ticket is its call, whoever opened it: work on it is work on that contact, of several calls on the first.
calls_of_tickets as (
    select ticket_contact_id, min_by(contact_id, (arrived_at, contact_id)) as call_contact_id
    from {{ ref('fct_call') }}
    where ticket_contact_id is not null
    group by ticket_contact_id
),

on_tickets as (
    select agent, replied_on as local_day, contact_id, is_agent_created from {{ ref('int_agent_replies') }}
    union all
    select
        transitions.actor,
        {{ local_date('transitions.changed_at', 'run_settings.time_zone') }},
        tickets.contact_id,
        coalesce(tickets.is_agent_created, false)
    from {{ ref('int_ticket_transitions') }} as transitions
    inner join {{ ref('int_tickets') }} as tickets on transitions.contact_id = tickets.contact_id
    cross join {{ source('control', 'run_settings') }} as run_settings
    where transitions.is_solved
        and tickets.status not in ('spam', 'deleted', 'merged')
        and not coalesce(tickets.is_test, false)
),

handled as (
    select
        on_tickets.agent,
        on_tickets.local_day,
        coalesce(calls_of_tickets.call_contact_id, on_tickets.contact_id) as contact_id
    from on_tickets
    left join calls_of_tickets on on_tickets.contact_id = calls_of_tickets.ticket_contact_id
    where not coalesce(on_tickets.is_agent_created, false)
        or calls_of_tickets.call_contact_id is not null
    union all
    select
        calls.agent,
        {{ local_date('coalesce(calls.answered_at, calls.arrived_at)', 'run_settings.time_zone') }},
        calls.contact_id
    from {{ ref('fct_call') }} as calls
    cross join {{ source('control', 'run_settings') }} as run_settings
    where calls.is_answered
)

select distinct
    agent,
    local_day,
    contact_id
from handled
where agent is not null
