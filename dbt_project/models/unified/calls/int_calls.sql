{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_touched') }}

with

picked as (
    select
        versions.*,
        run_settings.as_of,
        run_settings.time_zone
    from {{ ref('int_call_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    qualify {{ pick_version('source, stream, call_id') }}
)

select
    source || '/' || stream || '/' || call_id as contact_id,
    source,
    call_id,
    direction,
    arrived_at,
    {{ local_date('arrived_at', 'time_zone') }} as arrived_on,
    outcome,
    stage_reached,
    queue,
    team,
    queued_at,
    answered_at,
    left_queue_at,
    ended_at,
    talk_seconds,
    hold_seconds,
    wrap_up_seconds,
    agent,
    caller_phone_key,
    customer_email_key,
    ticket_id,
    disposition,
    disposition_class,
    issue_type,
    issue_category,
    is_transferred,
    transferred_to_team,
    transferred_to_queues,
    is_escalated,
    escalation_reason,
    queues_touched,
    fields
from picked
-- A call is seen once its last known instant is past, in the version that counts: an older one does not stand in for it.
where last_instant_at <= as_of
