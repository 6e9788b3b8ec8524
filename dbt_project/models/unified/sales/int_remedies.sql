with

run_settings as (
    select as_of from {{ source('control', 'run_settings') }}
),

picked as (
    select versions.*, run_settings.as_of
    from ({{ union_staging('remedies') }}) as versions
    cross join run_settings
    qualify {{ pick_version('source, remedy_id') }}
)

select source, remedy_id, remedy_type, delivered_at, ticket_id, order_id
from picked
where delivered_at <= as_of
