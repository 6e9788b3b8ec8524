{{ config(materialized='by_key', key=['source', 'ticket_id'], touched='tickets') }}
{{ after('int_touched') }}

with

changes as (
    {{ union_staging('ticket_status_changes') }}
)

select
    changes.source,
    changes.ticket_id,
    changes.changed_at,
    changes.change_no,
    changes.status,
    changes.actor
from changes
cross join {{ source('control', 'run_settings') }} as run_settings
where changes.changed_at <= run_settings.as_of
