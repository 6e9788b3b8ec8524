{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Calls of records that the tables have not seen, and of records that as_of has reached since.
select
    'asterisk' as source,
    'cdr' as stream,
    coalesce(linked_id, unique_id, _row_hash) as call_id,
    cast(null as varchar) as ticket_id
from {{ fresh('asterisk__cdr') }}
union
select 'asterisk', 'cdr', coalesce(linked_id, unique_id, _row_hash), cast(null as varchar)
from {{ source('raw', 'asterisk__cdr') }}
where ended_at > {{ seen_as_of() }}
{% endif %}
