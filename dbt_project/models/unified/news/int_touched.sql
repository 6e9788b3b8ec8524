{{ config(post_hook="{{ rows_of_the_world('ticket', 'call') }}") }}

{% if not is_news() %}{{ none_touched(['contact_id', 'source', 'ticket_id', 'call_id']) }}{% else %}
with recursive

touched_tickets as (
    {{ union_staging('touched_tickets') }}
),

touched_calls as (
    select
        source || '/' || stream || '/' || call_id as contact_id,
        source,
        call_id,
        ticket_id
    from ({{ union_staging('touched_calls') }}) as calls
),

tickets as (
    select contact_id, source, ticket_id from {{ standing('int_tickets') }}
    union
    select {{ ticket_contact_id('source', 'ticket_id') }}, source, ticket_id from touched_tickets
),

calls as (
    select contact_id, source, call_id from {{ standing('int_calls') }}
    union
    select contact_id, source, call_id from touched_calls
),

-- A call is read together with the ticket it names, by contact id or by a help desk's own.
named as (
    select contact_id, ticket_id from {{ standing('int_calls') }} where ticket_id is not null
    union
    select contact_id, ticket_id from touched_calls where ticket_id is not null
),

links as (
    select named.contact_id as call_contact_id, tickets.contact_id as ticket_contact_id
    from named
    inner join tickets on named.ticket_id = tickets.contact_id
    union
    select named.contact_id, tickets.contact_id
    from named
    inner join tickets on named.ticket_id = tickets.ticket_id
),

edges as (
    select call_contact_id as from_id, ticket_contact_id as to_id from links
    union all
    select ticket_contact_id, call_contact_id from links
),

-- A second help desk, or the first, decides which ticket the bare ids of all calls name: everything is touched.
is_new_help_desk as (
    select count(*) > 0 as is_so
    from touched_tickets
    where source not in (select distinct source from {{ standing('int_tickets') }})
),

touched as (
    select {{ ticket_contact_id('source', 'ticket_id') }} as contact_id from touched_tickets
    union
    select contact_id from touched_calls
    union
    select contact_id from tickets where (select is_so from is_new_help_desk)
    union
    select contact_id from calls where (select is_so from is_new_help_desk)
    union
    select edges.to_id
    from touched
    inner join edges on touched.contact_id = edges.from_id
)

select
    touched.contact_id,
    coalesce(tickets.source, calls.source) as source,
    tickets.ticket_id,
    calls.call_id
from touched
left join tickets on touched.contact_id = tickets.contact_id
left join calls on touched.contact_id = calls.contact_id
{% endif %}
