{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

exported as (
    select distinct source, ticket_id from {{ ref('int_ticket_status_changes') }}
),

transitions as (
    select
        contact_id,
        min(changed_at) filter (where is_solved) as first_solved_at,
        max(changed_at) filter (where is_solved) as last_solved_at,
        count(*) filter (where not is_solved) as reopens
    from {{ ref('int_ticket_transitions') }}
    group by contact_id
)

select
    tickets.contact_id,
    {{ is_solved('tickets.status') }} as is_solved,
    case
        when exported.ticket_id is not null then transitions.first_solved_at
        else coalesce(tickets.vendor_first_solved_at, tickets.vendor_solved_at)
    end as first_solved_at,
    case
        when not {{ is_solved('tickets.status') }} then null
        when exported.ticket_id is not null then transitions.last_solved_at
        else tickets.vendor_solved_at
    end as solved_at,
    case
        when exported.ticket_id is not null then coalesce(transitions.reopens, 0)
        else tickets.vendor_reopens
    end as reopens,
    exported.ticket_id is null as is_vendor_metric
from {{ ref('int_tickets') }} as tickets
left join exported
    on tickets.source = exported.source
    and tickets.ticket_id = exported.ticket_id
left join transitions on tickets.contact_id = transitions.contact_id
