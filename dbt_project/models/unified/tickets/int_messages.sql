{{ config(materialized='by_key', key=['source', 'ticket_id'], touched='tickets') }}
{{ after('int_touched') }}

with

picked as (
    select
        messages.*,
        run_settings.as_of
    from {{ ref('int_message_versions') }} as messages
    cross join {{ source('control', 'run_settings') }} as run_settings
    qualify {{ pick_version('source, message_id') }}
)

select
    source,
    ticket_id,
    message_id,
    sent_at,
    message_no,
    author_type,
    is_public,
    author,
    team,
    resource_used,
    text_match
from picked
where sent_at <= as_of
