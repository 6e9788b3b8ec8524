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

-- One row per intervention with its four windows side by side.
windows as (
    select
        target_id,
        any_value(unit) as unit,
        max(denominator) filter (where window_name = 'after') is not null as is_divided,
        {%- for window in ['before', 'after', 'before_rest', 'after_rest'] %}
        max(value) filter (where window_name = '{{ window }}') as value_{{ window }},
        cast(coalesce(max(sample_size) filter (where window_name = '{{ window }}'), 0) as double) as n_{{ window }},
        max(variance) filter (where window_name = '{{ window }}') as variance_{{ window }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_window_values') }}
    where target_id like 'intervention/%'
    group by target_id
),

-- Intervals are about facts, as tests are: an occupancy of 500,000 seconds comes from few agent-days.
reaches as (
    select
        *,
        {%- for direction, side in [('down', 'lower'), ('up', 'upper')] %}
        case
            when value_before is null or value_after is null then null
            when unit = 'ratio'
                then {{ newcombe_reach('(value_before * n_before)', 'n_before', '(value_after * n_after)', 'n_after', side) }}
            when is_divided then {{ welch_reach('variance_before', 'n_before', 'variance_after', 'n_after') }}
        end as reach_{{ direction }}{{ ',' if not loop.last }}
        {%- endfor %}
    from windows
)

select
    interventions.intervention_id,
    interventions.kpi_id,
    interventions.dimension,
    interventions.dimension_value,
    interventions.happened_on,
    interventions.description,
    reaches.value_before,
    cast(reaches.n_before as bigint) as sample_size_before,
    reaches.value_after,
    cast(reaches.n_after as bigint) as sample_size_after,
    reaches.value_after - reaches.value_before as difference,
    reaches.value_after - reaches.value_before - reaches.reach_down as difference_low,
    reaches.value_after - reaches.value_before + reaches.reach_up as difference_high,
    reaches.value_before_rest as rest_value_before,
    reaches.value_after_rest as rest_value_after,
    reaches.value_after_rest - reaches.value_before_rest as rest_difference,
    reaches.value_after - reaches.value_before - (reaches.value_after_rest - reaches.value_before_rest) as difference_beyond_rest
from interventions
inner join reaches on interventions.target_id = reaches.target_id
