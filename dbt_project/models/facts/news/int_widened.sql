{{ config(post_hook="{{ tables_of_the_wide_world(['contacts', 'tickets']) }}") }}
{#- Copied when they are done: every unified model of contacts that is by_key. #}
{%- for name in [
    'int_messages', 'int_ticket_status_changes', 'int_ticket_solves', 'int_turns', 'int_call_queues', 'int_channel_matches',
    'int_issue_types', 'int_ticket_channels', 'int_escalations'
] %}
{{ after(name) }}
{%- endfor %}

{% if not is_news() %}{{ none_touched(['contact_id', 'source', 'ticket_id']) }}{% else %}
with recursive

-- Both keys of a contact, under the customer that each stands for; and the customer it stood for until now.
people as (
    select contact_id, unnest([requester_email_key, requester_phone_key]) as person_key from {{ ref('int_tickets') }}
    union all
    select contact_id, unnest([customer_email_key, caller_phone_key]) from {{ ref('int_calls') }}
),

customers as (
    select
        people.contact_id,
        coalesce(customers.customer_key, people.person_key) as customer_key
    from people
    left join {{ ref('int_customers') }} as customers on people.person_key = customers.person_key
    where people.person_key is not null
    union
    select contact_id, customer_key from {{ standing('fct_contact') }} where customer_key is not null
),

edges as (
    select contact_id as from_id, 'customer ' || customer_key as to_id from customers
    union all
    select 'customer ' || customer_key, contact_id from customers
    union all
    select call_contact_id, ticket_contact_id from {{ ref('int_call_tickets') }}
    union all
    select ticket_contact_id, call_contact_id from {{ ref('int_call_tickets') }}
),

begun as (
    select contact_id from {{ ref('int_touched') }}
    union
    select people.contact_id
    from people
    inner join {{ changed('int_customers') }} as changed on people.person_key = changed.person_key
    -- What time alone may change: turns that wait within their target, first contacts whose window has not passed.
    union
    select contact_id
    from {{ standing('fct_response') }}
    where 'pending' in (outcome, outcome_24h, outcome_48h)
    union
    select contact_id from {{ standing('fct_contact') }} where is_first_contact and not is_mature
    -- Business time of days already seen is no longer what it was.
    union
    select contact_id
    from people
    where exists (select * from {{ changed('int_calendar_days') }} where utc_day <= cast({{ seen_as_of() }} as date))
),

reached as (
    select contact_id as id from begun
    union
    select edges.to_id
    from reached
    inner join edges on reached.id = edges.from_id
),

known as (
    select contact_id, source, ticket_id from {{ ref('int_tickets') }}
    union
    select contact_id, source, ticket_id from {{ ref('int_touched') }}
)

select
    reached.id as contact_id,
    known.source,
    known.ticket_id
from reached
left join known on reached.id = known.contact_id
where not starts_with(reached.id, 'customer ')
{% endif %}
