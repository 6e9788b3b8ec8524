with agent_names as ({{ zendesk_agent_names() }}),

known_people as ({{ known_people('zendesk') }}),

groups_ as ({{ newest_names('zendesk__groups', 'group_id') }})

select
    'zendesk' as source,
    ratings.rating_id as response_id,
    'satisfaction_rating' as question_id,
    'csat' as survey_type,
    cast(null as varchar) as question,
    cast(0 as decimal(18, 6)) as scale_min,
    cast(1 as decimal(18, 6)) as scale_max,
    cast(case ratings.score when 'good' then 1 when 'bad' then 0 end as decimal(18, 6)) as score,
    ratings.comment_length,
    case when ratings.score <> 'unoffered' then ratings.created_at end as offered_at,
    case when ratings.score in ('good', 'bad') then ratings.updated_at end as answered_at,
    'zendesk/tickets/' || ratings.ticket_id as contact_id,
    coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name) as agent,
    groups_.name as team,
    cast(null as varchar) as via,
    cast(null as varchar) as brand,
    cast(null as varchar) as issue_type,
    ratings.text_match,
    ratings.updated_at as version_at,
    ratings._load_no as load_no,
    ratings._row_no as row_no
from {{ source('raw', 'zendesk__satisfaction_ratings') }} as ratings
left join groups_ on ratings.group_id = groups_.group_id
left join agent_names on ratings.assignee_id = agent_names.user_id
left join known_people
    on ratings.assignee_id = known_people.user_id
    and ratings.created_at >= known_people.valid_from_at
    and ratings.created_at < known_people.valid_until_at
