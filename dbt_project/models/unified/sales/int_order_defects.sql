with

run_settings as (
    select as_of from {{ source('control', 'run_settings') }}
),

picked as (
    select
        versions.*,
        run_settings.as_of
    from ({{ union_staging('order_defects') }}) as versions
    cross join run_settings
    qualify {{ pick_version('marketplace, order_id, defect_type, opened_at') }}
)

select
    source,
    marketplace,
    order_id,
    defect_type,
    opened_at,
    case when version_at > as_of then 'open' else status end as status
from picked
where opened_at <= as_of
