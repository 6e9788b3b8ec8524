{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

first_messages as (
    select source, ticket_id, min(sent_at) as replied_at
    from {{ ref('int_messages') }}
    where author_type = 'bot'
        and is_public
    group by source, ticket_id
)

select
    tickets.contact_id,
    tickets.created_on,
    tickets.channel,
    {{ seconds_between('tickets.created_at', 'first_messages.replied_at') }} as wait_seconds
from {{ ref('fct_ticket') }} as tickets
inner join first_messages
    on tickets.source = first_messages.source
    and tickets.ticket_id = first_messages.ticket_id
where tickets.is_resolvable
