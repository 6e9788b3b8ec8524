{{ config(materialized='by_key', key=['source', 'response_id'], touched='responses') }}
{{ after('int_widened_responses') }}

with

responses as (
    select
        *,
        answered_at is not null as is_answered
    from {{ ref('int_survey_responses') }}
)

select
    responses.source,
    responses.response_id,
    responses.question_id,
    responses.question,
    responses.survey_type,
    responses.scale_min,
    responses.scale_max,
    responses.score,
    responses.comment_length,
    responses.offered_at,
    responses.answered_at,
    coalesce(contacts.contact_id, responses.contact_id) as contact_id,
    coalesce(responses.channel, contacts.channel) as channel,
    coalesce(responses.brand, contacts.brand) as brand,
    coalesce(responses.team, contacts.team) as team,
    coalesce(responses.agent, contacts.agent) as agent,
    coalesce(responses.issue_type, contacts.issue_type, 'unknown') as issue_type,
    responses.is_answered,
    case
        when responses.survey_type = 'csat' and responses.is_answered
            then {{ is_favourable('responses.score', 'responses.scale_min', 'responses.scale_max') }}
    end as is_satisfied,
    cast(
        case
            when responses.survey_type <> 'nps' or not responses.is_answered then null
            when responses.score >= 9 then 1
            when responses.score <= 6 then -1
            else 0
        end as bigint
    ) as nps_points,
    case
        when responses.survey_type <> 'yes_no' or not responses.is_answered then null
        when responses.score = responses.scale_max then true
        when responses.score = responses.scale_min then false
    end as is_yes,
    responses.offered_on,
    {{ local_date('responses.answered_at', 'run_settings.time_zone') }} as answered_on
from responses
left join {{ ref('int_named_contacts') }} as contacts on responses.contact_id = contacts.named_contact_id
cross join {{ source('control', 'run_settings') }} as run_settings
where {{ is_about_something_that_counts('responses.contact_id') }}
