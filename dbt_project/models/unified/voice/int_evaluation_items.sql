with

picked as (
    select
        versions.*,
        run_settings.as_of,
        run_settings.time_zone
    from {{ ref('int_evaluation_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    qualify {{ pick_version('source, evaluation_id, version, item') }}
),

-- The highest version written by as_of replaces all items of older ones; where all were written later, the oldest stands.
items as (
    select *
    from picked
    where evaluated_at <= as_of
    qualify version = coalesce(
        max(version) filter (where coalesce(version_at <= as_of, true)) over (partition by source, evaluation_id),
        min(version) over (partition by source, evaluation_id)
    )
)

select
    items.source,
    items.evaluation_id,
    items.version,
    items.evaluated_at,
    {{ local_date('items.evaluated_at', 'items.time_zone') }} as evaluated_on,
    items.checklist,
    items.item,
    items.weight,
    items.share,
    items.agent,
    items.team,
    {{ named_contact_id('items') }} as contact_id,
    items.is_calibration
from items
{{ join_named_contact('items') }}
