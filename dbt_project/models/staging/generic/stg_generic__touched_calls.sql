{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, and rows with an instant that as_of has reached since.
select 'generic' as source, 'calls' as stream, call_id, ticket_id from {{ fresh('generic__calls') }}
union
select 'generic', 'calls', call_id, ticket_id
from {{ source('raw', 'generic__calls') }}
where
    updated_at > {{ seen_as_of() }}
    or greatest(arrived_at, queued_at, answered_at, ended_at, {{ add_seconds('answered_at', 'talk_seconds') }}) > {{ seen_as_of() }}
{% endif %}
