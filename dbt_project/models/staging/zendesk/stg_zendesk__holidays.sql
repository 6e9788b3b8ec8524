-- Zendesk exports holidays schedule by schedule: the newest export of each counts.
select
    'zendesk/' || schedule_id as calendar_id,
    start_date as starts_on,
    end_date as ends_on
from {{ source('raw', 'zendesk__holidays') }}
qualify _load_no = max(_load_no) over (partition by schedule_id)
