with

sides as (
    select
        current_window.target_id,
        current_window.measured_kpi_id,
        current_window.is_guardrail,
        current_window.unit,
        current_window.higher_is_better,
        current_window.value,
        previous.value as previous_value,
        least(current_window.sample_size, previous.sample_size) as smaller_sample,
        current_window.denominator is not null as is_divided,
        cast(current_window.sample_size as double) as n1,
        cast(previous.sample_size as double) as n2,
        current_window.variance / nullif(current_window.sample_size, 0)
            + previous.variance / nullif(previous.sample_size, 0) as squared_error
    from {{ ref('int_window_values') }} as current_window
    inner join {{ ref('int_window_values') }} as previous
        on current_window.target_id = previous.target_id
        and current_window.measured_kpi_id = previous.measured_kpi_id
        and previous.window_name = 'previous'
    where current_window.window_name = 'current'
),

-- Two proportions for ratios, Welch for means, a change of 5 % for the rest.
tested as (
    select
        *,
        (value * n1 + previous_value * n2) / (n1 + n2) as pooled,
        case
            when unit = 'ratio'
                then abs(value - previous_value) >= 1.96 * sqrt(
                    pooled * (1 - pooled) * (1 / n1 + 1 / n2)
                ) and value <> previous_value
            when is_divided then abs(value - previous_value) >= 1.96 * sqrt(squared_error) and value <> previous_value
            else abs(value - previous_value) >= 0.05 * abs(previous_value) and value <> previous_value
        end as is_beyond_noise
    from sides
)

select
    target_id,
    measured_kpi_id,
    is_guardrail,
    case
        when value is null or previous_value is null then null
        when smaller_sample < 30 or not is_beyond_noise then 'flat'
        when higher_is_better is null then null
        when (value > previous_value) = higher_is_better then 'improving'
        else 'worsening'
    end as trend
from tested
