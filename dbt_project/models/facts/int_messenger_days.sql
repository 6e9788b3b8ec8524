-- A turn counts on the day it was requested and on the six days after it.
select
    turns.contact_id,
    turns.turn_no,
    turns.brand,
    turns.replied_at is not null as is_answered,
    turns.wait_calendar_seconds,
    turns.requested_on + days.day_no as day
from {{ ref('fct_response') }} as turns
cross join (select cast(unnest(range(0, 7)) as integer) as day_no) as days
cross join {{ source('control', 'run_settings') }} as run_settings
where turns.channel = 'facebook_messenger'
    and turns.requested_on + days.day_no <= {{ local_date('run_settings.as_of', 'run_settings.time_zone') }}
