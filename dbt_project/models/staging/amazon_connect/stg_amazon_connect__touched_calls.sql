{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Legs that the tables have not seen, and legs with an instant that as_of has reached since, with the calls that any
-- version of them belongs to.
with

legs as (
    select contact_id from {{ fresh('amazon_connect__contact_records') }}
    union
    select contact_id
    from {{ source('raw', 'amazon_connect__contact_records') }}
    where
        greatest(
            initiated_at, enqueued_at, connected_to_agent_at, dequeued_at, disconnected_at, last_updated_at,
            {{ add_seconds('connected_to_agent_at', 'interaction_seconds') }}
        ) > {{ seen_as_of() }}
)

select distinct
    'amazon_connect' as source,
    'contact_records' as stream,
    coalesce(records.initial_contact_id, records.contact_id) as call_id,
    records.ticket_id
from {{ source('raw', 'amazon_connect__contact_records') }} as records
inner join legs on records.contact_id = legs.contact_id
{% endif %}
