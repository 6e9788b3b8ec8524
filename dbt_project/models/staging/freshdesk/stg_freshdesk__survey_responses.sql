with agent_names as ({{ freshdesk_agent_names() }}),

known_people as ({{ known_people('freshdesk') }}),

groups_ as ({{ newest_names('freshdesk__groups', 'group_id') }}),

-- Of the answers of one rating, the overall one: further questions would count one customer several times.
ratings as (
    select
        *,
        try_cast(rating as integer) as score
    from {{ source('raw', 'freshdesk__satisfaction_ratings') }}
)

select
    'freshdesk' as source,
    ratings.rating_id as response_id,
    'default_question' as question_id,
    'csat' as survey_type,
    cast(null as varchar) as question,
    cast(-103 as decimal(18, 6)) as scale_min,
    cast(103 as decimal(18, 6)) as scale_max,
    cast(case when ratings.score = 100 or abs(ratings.score) between 101 and 103 then ratings.score end as decimal(18, 6)) as score,
    ratings.comment_length,
    -- A rating comes into being with its answer; whom a survey was offered to is not exported.
    cast(null as timestamp) as offered_at,
    ratings.created_at as answered_at,
    'freshdesk/tickets/' || ratings.ticket_id as contact_id,
    coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name) as agent,
    groups_.name as team,
    cast(null as varchar) as via,
    cast(null as varchar) as brand,
    cast(null as varchar) as issue_type,
    ratings.text_match,
    ratings.updated_at as version_at,
    ratings._load_no as load_no,
    ratings._row_no as row_no
from ratings
left join groups_ on ratings.group_id = groups_.group_id
left join agent_names on ratings.agent_id = agent_names.user_id
left join known_people
    on ratings.agent_id = known_people.user_id
    and ratings.created_at >= known_people.valid_from_at
    and ratings.created_at < known_people.valid_until_at
