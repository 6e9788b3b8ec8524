{% if not is_news() %}{{ none_touched(['source', 'stream', 'call_id', 'ticket_id']) }}{% else %}
-- Lines that the tables have not seen, and lines that as_of has reached since. A call is over four hours after its last
-- line at the latest, so lines of the last four hours may be of a call that was not.
with

fresh as (
    select * from {{ fresh('asterisk__queue_log') }}
),

touched as (
    select call_id from fresh
    union all
    select call_id
    from {{ source('raw', 'asterisk__queue_log') }}
    where logged_at > {{ seen_as_of() }} - interval 4 hour
    -- A log that was read again may have another call where one stood.
    union all
    select log.call_id
    from {{ source('raw', 'asterisk__queue_log') }} as log
    inner join fresh on log.log_id = fresh.log_id and log._row_no = fresh._row_no
    -- Where a log begins decides the order of lines of one second in the calls that run over its rotation.
    union all
    select log.call_id
    from {{ source('raw', 'asterisk__queue_log') }} as log
    where log.call_id in (
        select call_id from {{ source('raw', 'asterisk__queue_log') }} where log_id in (select log_id from fresh)
    )
    group by log.call_id
    having count(distinct log.log_id) > 1
)

select distinct 'asterisk' as source, 'queue_log' as stream, call_id, cast(null as varchar) as ticket_id
from touched
where call_id is not null
{% endif %}
