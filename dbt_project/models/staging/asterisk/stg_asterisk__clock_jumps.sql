with

-- A log that was read again from its start: the last reading of a line stands.
lines as (
    select log.log_id, log._row_no, log.logged_at
    from {{ source('raw', 'asterisk__queue_log') }} as log
    cross join {{ source('control', 'run_settings') }} as run_settings
    where log.logged_at <= run_settings.as_of
    qualify row_number() over (partition by log.log_id, log._row_no order by log._load_no desc) = 1
),

numbered as (
    select
        log_id,
        _row_no as line_no,
        logged_at,
        lag(logged_at) over (partition by log_id order by _row_no) as before_at
    from lines
)

-- Threads write a second or two out of order; a minute back is a clock that was set.
select
    'asterisk' as source,
    'queue_log' as stream,
    log_id,
    line_no,
    before_at,
    logged_at
from numbered
where logged_at < before_at - interval 60 second
