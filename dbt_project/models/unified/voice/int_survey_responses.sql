{{ config(materialized='by_key', key=['source', 'response_id'], touched='responses') }}
{{ after('int_touched_responses') }}

with

-- The version that counts at as_of; of those the export does not date, the last answer seen. Without an answer is oldest.
responses as (
    select
        versions.*,
        run_settings.as_of,
        -- Some tools tell of those who answered only: when they were asked is unknown.
        coalesce(versions.offered_at, versions.answered_at) as known_since,
        {{ local_date('coalesce(versions.offered_at, versions.answered_at)', 'run_settings.time_zone') }} as known_on
    from {{ ref('int_survey_response_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    qualify row_number() over (
        partition by versions.source, versions.response_id, versions.question_id
        order by
            coalesce(versions.version_at <= run_settings.as_of, true) desc,
            case when versions.version_at <= run_settings.as_of then versions.version_at end desc nulls last,
            versions.version_at asc nulls last,
            {{ unless_later('versions.answered_at', 'run_settings.as_of') }} desc nulls last,
            versions.answered_at asc nulls first,
            versions.load_no desc,
            versions.row_no desc
    ) = 1
),

-- Rules are asked once for each thing that answers say, not once an answer.
own_channels as (
    select
        said.source,
        said.via,
        said.known_on,
        min_by(channels.channel, channels.row_no) as channel
    from (select distinct source, via, known_on from responses) as said
    inner join {{ source('control', 'cfg_channels') }} as channels
        on said.via = channels.match_value
        and (channels.source is null or channels.source = said.source)
        and said.known_on >= coalesce(channels.valid_from, date '0001-01-01')
        and said.known_on <= coalesce(channels.valid_to, date '9999-12-31')
    where channels.match_field = 'via'
    group by said.source, said.via, said.known_on
),

commented_types as (
    select
        said.source,
        said.text_match,
        min_by(rules.issue_type, rules.row_no) as issue_type
    from (select distinct source, text_match from responses) as said
    inner join {{ source('control', 'cfg_issue_types') }} as rules
        on said.text_match = rules.match_value
        and (rules.source is null or rules.source = said.source)
    where rules.match_field = 'text'
    group by said.source, said.text_match
)

select
    responses.source,
    responses.response_id,
    responses.question_id,
    responses.survey_type,
    responses.question,
    responses.scale_min,
    responses.scale_max,
    case when responses.answered_at <= responses.as_of then responses.score end as score,
    case when responses.answered_at <= responses.as_of then responses.comment_length end as comment_length,
    responses.offered_at,
    case when responses.offered_at is not null then responses.known_on end as offered_on,
    -- An answer has an instant and a score: a question passed over is not answered.
    case when responses.answered_at <= responses.as_of and responses.score is not null then responses.answered_at end as answered_at,
    {{ named_contact_id('responses') }} as contact_id,
    responses.agent,
    responses.team,
    coalesce(own_channels.channel, case when responses.via is not null then {{ canonical_channel('responses.via') }} end) as channel,
    responses.brand,
    coalesce(
        responses.issue_type, case when responses.answered_at <= responses.as_of then commented_types.issue_type end
    ) as issue_type
from responses
left join own_channels
    on responses.source = own_channels.source
    and responses.via = own_channels.via
    and responses.known_on = own_channels.known_on
left join commented_types
    on responses.source = commented_types.source
    and responses.text_match = commented_types.text_match
{{ join_named_contact('responses') }}
where responses.known_since <= responses.as_of
