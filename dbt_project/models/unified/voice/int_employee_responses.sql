with

versions as (
    {{ union_staging('employee_survey_responses') }}
),

picked as (
    select
        versions.*,
        run_settings.as_of,
        run_settings.time_zone
    from versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    qualify {{ pick_version('source, response_id') }}
)

select
    source,
    response_id,
    round_date,
    team,
    question,
    scale_min,
    scale_max,
    score,
    {{ is_favourable('score', 'scale_min', 'scale_max') }} as is_favourable
from picked
-- A round has a day and no instant: it is seen from the start of that day on.
where round_date <= {{ local_date('as_of', 'time_zone') }}
