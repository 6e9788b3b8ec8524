-- Delighted exports who answered. When it had asked them stands nowhere, so these rows are no part of a response rate.
select
    'delighted' as source,
    response_id,
    survey_type as question_id,
    survey_type,
    cast(null as varchar) as question,
    cast(case survey_type when 'csat' then 1 else 0 end as decimal(18, 6)) as scale_min,
    cast(case survey_type when 'csat' then 5 else 10 end as decimal(18, 6)) as scale_max,
    cast(score as decimal(18, 6)) as score,
    comment_length,
    cast(null as timestamp) as offered_at,
    created_at as answered_at,
    ticket_id as contact_id,
    cast(null as varchar) as agent,
    cast(null as varchar) as team,
    cast(null as varchar) as via,
    cast(null as varchar) as brand,
    cast(null as varchar) as issue_type,
    text_match,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'delighted__responses') }}
-- Effort is not satisfaction, and on what scale other kinds of survey were asked stands nowhere.
where survey_type in ('nps', 'csat')
