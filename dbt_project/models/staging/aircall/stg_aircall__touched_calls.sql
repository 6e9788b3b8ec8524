{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, and rows with an instant that as_of has reached since.
select 'aircall' as source, 'calls' as stream, call_id, cast(null as varchar) as ticket_id
from {{ fresh('aircall__calls') }}
union
select 'aircall', 'calls', call_id, cast(null as varchar)
from {{ source('raw', 'aircall__calls') }}
where greatest(started_at, answered_at, ended_at) > {{ seen_as_of() }}
{% endif %}
