{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

tickets as (
    select * from {{ ref('int_tickets') }}
),

exported as (
    select
        source,
        ticket_id,
        max(changed_at) as changed_at,
        max(change_no) as change_no,
        max_by(status, (changed_at, change_no)) as status
    from {{ ref('int_ticket_status_changes') }}
    group by source, ticket_id
),

changes as (
    select
        tickets.contact_id,
        changes.changed_at,
        changes.change_no,
        changes.status,
        changes.actor
    from {{ ref('int_ticket_status_changes') }} as changes
    inner join tickets
        on changes.source = tickets.source
        and changes.ticket_id = tickets.ticket_id
),

-- A row newer than the last change may know more than the changes; without changes it knows the last solve only.
from_rows as (
    select
        tickets.contact_id,
        case
            when {{ is_solved('tickets.status') }} and tickets.vendor_solved_at >= coalesce(exported.changed_at, tickets.created_at)
                then tickets.vendor_solved_at
            else tickets.version_at
        end as changed_at,
        coalesce(exported.change_no, 0) + 1 as change_no,
        tickets.status,
        cast(null as varchar) as actor
    from tickets
    left join exported
        on tickets.source = exported.source
        and tickets.ticket_id = exported.ticket_id
    where tickets.status <> coalesce(exported.status, 'new')
        and tickets.version_at >= coalesce(exported.changed_at, tickets.version_at)
),

marked as (
    select
        *,
        {{ is_solved('status') }} as is_solved,
        coalesce(lag({{ is_solved('status') }}) over (
            partition by contact_id order by changed_at, change_no
        ), false) as was_solved
    from (
        select * from changes
        union all
        select * from from_rows
    )
)

select
    contact_id,
    changed_at,
    change_no,
    actor,
    is_solved
from marked
where is_solved <> was_solved
