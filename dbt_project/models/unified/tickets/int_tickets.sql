{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_touched') }}

with

visible as (
    select
        versions.*,
        versions.version_at <= run_settings.as_of as is_seen,
        -- A status that a later instant explains is not yet so.
        {{ is_solved('versions.status') }} and coalesce(versions.solved_at > run_settings.as_of, false) as is_yet_to_be_solved,
        run_settings.as_of,
        run_settings.time_zone
    from {{ ref('int_ticket_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as run_settings
),

-- The latest version written by as_of; where there is none, the oldest one lends the fields that do not change. Keys
-- alone are ranked and joined: all columns of millions of tickets take several times the memory that a night has.
ranked as (
    select
        source,
        ticket_id,
        max_by({'load_no': load_no, 'row_no': row_no}, {{ version_rank() }}) as version
    from visible
    group by source, ticket_id
),

last_changes as (
    select
        source,
        ticket_id,
        max(changed_at) as changed_at,
        max_by(status, (changed_at, change_no)) as status
    from {{ ref('int_ticket_status_changes') }}
    group by source, ticket_id
),

messaged as (
    select distinct source, ticket_id from {{ ref('int_message_versions') }}
),

known as (
    select
        ranked.*,
        last_changes.changed_at as last_changed_at,
        last_changes.status as last_status,
        messaged.ticket_id is not null as has_exported_messages
    from ranked
    left join last_changes
        on ranked.source = last_changes.source
        and ranked.ticket_id = last_changes.ticket_id
    left join messaged
        on ranked.source = messaged.source
        and ranked.ticket_id = messaged.ticket_id
),

picked as (
    select
        visible.*,
        known.last_changed_at,
        known.last_status,
        known.has_exported_messages
    from visible
    inner join known
        on visible.source = known.source
        and visible.ticket_id = known.ticket_id
        and visible.load_no = known.version.load_no
        and visible.row_no = known.version.row_no
)

select
    {{ ticket_contact_id('picked.source', 'picked.ticket_id') }} as contact_id,
    picked.source,
    picked.ticket_id,
    picked.created_at,
    {{ local_date('picked.created_at', 'picked.time_zone') }} as created_on,
    picked.version_at,
    case
        -- What was merged stays merged: the help desk closes it, and nobody opens it again.
        when
            picked.is_seen
            and picked.status = 'merged'
            and {{ is_solved('picked.last_status') }}
            then 'merged'
        when
            picked.is_seen
            and not picked.is_yet_to_be_solved
            and picked.version_at >= coalesce(picked.last_changed_at, picked.version_at)
            then picked.status
        else coalesce(picked.last_status, 'new')
    end as status,
    picked.via,
    picked.recipient,
    picked.subject_type,
    picked.priority,
    picked.brand,
    picked.team,
    picked.assignee,
    picked.requester_email_key,
    picked.requester_phone_key,
    picked.is_agent_created,
    picked.is_test,
    picked.tags,
    picked.fields,
    picked.text_match,
    picked.issue_type,
    picked.issue_category,
    picked.product,
    picked.complexity,
    picked.order_id,
    {{ unless_later('picked.escalated_at', 'picked.as_of') }} as escalated_at,
    picked.escalation_reason,
    {{ unless_later('picked.first_replied_at', 'picked.as_of') }} as vendor_first_replied_at,
    {{ unless_later('picked.first_solved_at', 'picked.as_of') }} as vendor_first_solved_at,
    {{ unless_later('picked.solved_at', 'picked.as_of') }} as vendor_solved_at,
    picked.reopens as vendor_reopens,
    picked.public_replies as vendor_public_replies,
    picked.first_reply_business_seconds as vendor_reply_business_seconds,
    picked.resolution_business_seconds as vendor_solved_business_seconds,
    picked.has_exported_messages
from picked
where picked.created_at <= picked.as_of
