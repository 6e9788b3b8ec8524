with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    responses.response_id,
    responses.question_id,
    responses.survey_type,
    responses.question,
    responses.scale_min,
    responses.scale_max,
    responses.score,
    responses.comment_length,
    responses.offered_at,
    responses.answered_at,
    responses.contact_id,
    coalesce(known.agent_email, lower(responses.agent_email)) as agent,
    responses.team,
    responses.channel as via,
    responses.brand,
    responses.issue_type,
    responses.text_match,
    responses.updated_at as version_at,
    responses._load_no as load_no,
    responses._row_no as row_no
from {{ source('raw', 'generic__survey_responses') }} as responses
left join known_agents as known
    on lower(responses.agent_email) = lower(known.agent)
    and responses.offered_at >= known.valid_from_at
    and responses.offered_at < known.valid_until_at
