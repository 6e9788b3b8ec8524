select
    'generic' as source,
    response_id,
    round_date,
    team,
    question,
    scale_min,
    scale_max,
    score,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'generic__employee_survey_responses') }}
