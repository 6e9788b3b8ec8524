with

interventions as (
    select
        'intervention/' || row_no as target_id,
        intervention_id,
        kpi_id,
        coalesce(dimension, 'all') as dimension,
        coalesce(dimension_value, 'all') as dimension_value,
        happened_on,
        description
    from {{ source('control', 'cfg_interventions') }}
),

-- One row per intervention with its four windows side by side; sums of squares lead from `all` to the rest of it.
windows as (
    select
        target_id,
        any_value(unit) as unit,
        any_value(higher_is_better) as higher_is_better,
        {%- for window in ['before', 'after', 'before_all', 'after_all'] %}
        max(numerator) filter (where window_name = '{{ window }}') as x_{{ window }},
        max(denominator) filter (where window_name = '{{ window }}') as n_{{ window }},
        max(value) filter (where window_name = '{{ window }}') as value_{{ window }},
        max(sample_size) filter (where window_name = '{{ window }}') as sample_{{ window }},
        max(variance) filter (where window_name = '{{ window }}') as variance_{{ window }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_window_values') }}
    where target_id like 'intervention/%'
    group by target_id
),

rest as (
    select
        *,
        {%- for window in ['before', 'after'] %}
        (x_{{ window }}_all - coalesce(x_{{ window }}, 0)) / nullif(n_{{ window }}_all - coalesce(n_{{ window }}, 0), 0)
            as rest_{{ window }}{{ ',' if not loop.last }}
        {%- endfor %}
    from windows
),

reaches as (
    select
        *,
        case
            when n_before is null or n_after is null or least(sample_before, sample_after) < 2 then null
            when unit in ('ratio') then {{ newcombe_reach('x_before', 'n_before', 'x_after', 'n_after', 'lower') }}
            when variance_before is not null
                then {{ welch_reach('variance_before', 'n_before', 'variance_after', 'n_after') }}
        end as reach_down,
        case
            when n_before is null or n_after is null or least(sample_before, sample_after) < 2 then null
            when unit in ('ratio') then {{ newcombe_reach('x_before', 'n_before', 'x_after', 'n_after', 'upper') }}
            when variance_before is not null
                then {{ welch_reach('variance_before', 'n_before', 'variance_after', 'n_after') }}
        end as reach_up
    from rest
)

select
    interventions.intervention_id,
    interventions.kpi_id,
    interventions.dimension,
    interventions.dimension_value,
    interventions.happened_on,
    interventions.description,
    reaches.value_before,
    reaches.sample_before as sample_size_before,
    reaches.value_after,
    reaches.sample_after as sample_size_after,
    reaches.value_after - reaches.value_before as difference,
    reaches.value_after - reaches.value_before - reaches.reach_down as difference_low,
    reaches.value_after - reaches.value_before + reaches.reach_up as difference_high,
    reaches.rest_before as rest_value_before,
    reaches.rest_after as rest_value_after,
    reaches.rest_after - reaches.rest_before as rest_difference,
    reaches.value_after - reaches.value_before - (reaches.rest_after - reaches.rest_before) as difference_beyond_rest
from interventions
inner join reaches on interventions.target_id = reaches.target_id
