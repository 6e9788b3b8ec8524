with

tickets as (
    select source, ticket_id from {{ ref('int_tickets') }}
),

contacts as (
    select contact_id from {{ ref('int_tickets') }}
    union all
    select contact_id from {{ ref('int_calls') }}
),

orders as (
    select distinct marketplace, order_id from {{ ref('int_order_lines') }}
),

-- Where no order has come in at all, the shop is not exported: nothing is missing.
orphans as (
    select source, 'messages' as stream, ticket_id as example
    from {{ ref('int_messages') }}
    anti join tickets using (source, ticket_id)
    union all
    select source, 'ticket_status_changes', ticket_id
    from {{ ref('int_ticket_status_changes') }}
    anti join tickets using (source, ticket_id)
    union all
    select source, 'calls', contact_id
    from {{ ref('int_calls') }}
    where direction = 'inbound'
        and ticket_id is not null
        and ticket_id not in (select ticket_id from tickets)
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
    select source, 'remedies', remedy_id
    from {{ ref('int_remedies') }}
    where (ticket_id is not null and ticket_id not in (select ticket_id from tickets))
        or (order_id not in (select order_id from orders) and exists (select * from orders))
    union all
    select source, 'order_defects', order_id
    from {{ ref('int_order_defects') }}
    anti join orders using (marketplace, order_id)
    where marketplace in (select marketplace from orders)
)

select
    source,
    stream,
    count(*) as faults,
    min(example) as example
from orphans
group by source, stream
