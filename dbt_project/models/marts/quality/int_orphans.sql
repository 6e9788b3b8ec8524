with

tickets as (
    select source, ticket_id, contact_id, order_id from {{ ref('int_tickets') }}
),

-- A call or remedy may name the ticket of another source. An id that some help desk has is no orphan, even if it cannot be linked.
unknown_tickets as (
    select source, stream, example
    from (
        select source, 'calls' as stream, contact_id as example, ticket_id
        from {{ ref('int_calls') }}
        where direction = 'inbound' and ticket_id is not null
        union all
        select source, 'remedies', remedy_id, ticket_id from {{ ref('int_remedies') }} where ticket_id is not null
    ) as naming
    anti join (select ticket_id from tickets union all select contact_id from tickets) as known using (ticket_id)
),

contacts as (
    select contact_id from tickets
    union all
    select contact_id from {{ ref('int_calls') }}
),

orders as (
    select distinct marketplace, order_id from {{ ref('int_order_lines') }}
),

naming_orders as (
    select source, 'remedies' as stream, remedy_id as example, cast(null as varchar) as marketplace, order_id
    from {{ ref('int_remedies') }}
    union all
    select source, 'ratings', rating_id, marketplace, order_id from {{ ref('int_ratings') }}
    union all
    select source, 'tickets', contact_id, cast(null as varchar), order_id from tickets
    union all
    select source, 'order_defects', order_id, marketplace, order_id from {{ ref('int_order_defects') }}
),

-- An order is known by its marketplace where the row names one. Where no order has come in, the shop is not exported: nothing is missing.
unknown_orders as (
    select source, stream, example
    from naming_orders
    anti join orders using (marketplace, order_id)
    where order_id is not null
        and marketplace in (select marketplace from orders)
    union all
    select source, stream, example
    from naming_orders
    anti join orders using (order_id)
    where order_id is not null
        and marketplace is null
        and exists (select * from orders)
),

orphans as (
    select source, 'messages' as stream, ticket_id as example
    from {{ ref('int_messages') }}
    anti join tickets using (source, ticket_id)
    union all
    select source, 'ticket_status_changes', ticket_id
    from {{ ref('int_ticket_status_changes') }}
    anti join tickets using (source, ticket_id)
    union all
    select source, stream, example from unknown_tickets where stream = 'calls'
    union all
    select source, 'survey_responses', contact_id
    from {{ ref('int_survey_responses') }}
    where contact_id is not null
        and contact_id not in (select contact_id from contacts)
    union all
    select source, 'evaluations', contact_id
    from {{ ref('int_evaluation_items') }}
    where contact_id is not null
        and contact_id not in (select contact_id from contacts)
    union all
    select source, stream, example from unknown_orders where stream <> 'remedies'
    union all
    -- A remedy whose ticket and order are both unknown is one fault.
    select source, stream, example
    from (
        select * from unknown_tickets where stream = 'remedies'
        union
        select * from unknown_orders where stream = 'remedies'
    ) as remedies
)

select
    source,
    stream,
    count(*) as faults,
    min(example) as example
from orphans
group by source, stream
