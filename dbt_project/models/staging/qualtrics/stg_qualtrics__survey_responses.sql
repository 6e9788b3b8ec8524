with

-- Of equal versions the last export says what became of the response: Qualtrics marks spam without dating it.
responses as (
    select
        *,
        -- A status as a number has a bit for each of preview, test, spam, employee and synthetic.
        coalesce(
            (try_cast(status as bigint) & (1 | 2 | 8 | 32 | 256)) <> 0,
            regexp_matches(lower(status), 'preview|test|spam|synthetic|^ex( |$)'),
            false
        )
        or not coalesce(is_finished, true) as is_left_out
    from {{ source('raw', 'qualtrics__responses') }}
    qualify row_number() over (partition by response_id, recorded_at order by _load_no desc, _row_no desc) = 1
),

answers as (
    select
        *,
        unnest(from_json(answers, '[{"question_id": "VARCHAR", "question": "VARCHAR", "score": "VARCHAR"}]')) as answer
    from responses
)

select
    'qualtrics' as source,
    response_id,
    answer.question_id as question_id,
    'nps' as survey_type,
    answer.question as question,
    cast(0 as decimal(18, 6)) as scale_min,
    cast(10 as decimal(18, 6)) as scale_max,
    cast(case when not is_left_out then answer.score end as decimal(18, 6)) as score,
    cast(null as bigint) as comment_length,
    cast(null as timestamp) as offered_at,
    case when not is_left_out then ended_at end as answered_at,
    ticket_id as contact_id,
    cast(null as varchar) as agent,
    cast(null as varchar) as team,
    cast(null as varchar) as via,
    cast(null as varchar) as brand,
    cast(null as varchar) as issue_type,
    cast(null as varchar) as text_match,
    recorded_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from answers
