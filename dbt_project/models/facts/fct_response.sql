{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_widened') }}

with

turns as (
    select
        turns.*,
        tickets.source,
        tickets.ticket_id,
        tickets.brand,
        tickets.team,
        tickets.via,
        tickets.created_on,
        run_settings.as_of,
        {{ local_date('turns.requested_at', 'run_settings.time_zone') }} as requested_on
    from {{ ref('int_turns') }} as turns
    inner join {{ ref('int_tickets') }} as tickets on turns.contact_id = tickets.contact_id
    cross join {{ source('control', 'run_settings') }} as run_settings
),

-- The first row of channels.csv that matches and is in force on the day the turn starts.
matched as (
    select
        turns.contact_id,
        turns.turn_no,
        min(matches.row_no) as row_no
    from turns
    inner join {{ ref('int_channel_matches') }} as matches
        on turns.contact_id = matches.contact_id
        and turns.requested_on between matches.valid_from and matches.valid_to
    group by turns.contact_id, turns.turn_no
),

scoped as (
    select
        turns.*,
        coalesce(channels.channel, {{ canonical_channel('turns.via') }}) as channel,
        channels.calendar_id,
        channels.response_target_seconds,
        {{ add_seconds('turns.requested_at', 'channels.response_target_seconds') }} as due_at
    from turns
    left join matched
        on turns.contact_id = matched.contact_id
        and turns.turn_no = matched.turn_no
    left join {{ source('control', 'cfg_channels') }} as channels on matched.row_no = channels.row_no
),

-- The first solve at or after the start of an unanswered turn.
solves as (
    select
        scoped.contact_id,
        scoped.turn_no,
        min(solves.solved_at) as solved_at
    from scoped
    inner join {{ ref('int_ticket_solves') }} as solves
        on scoped.contact_id = solves.contact_id
        and scoped.requested_at <= solves.solved_at
    where scoped.replied_at is null
    group by scoped.contact_id, scoped.turn_no
)

select
    scoped.contact_id,
    scoped.turn_no,
    scoped.channel,
    {{ channel_group('scoped.channel') }} as channel_group,
    scoped.brand,
    scoped.team,
    scoped.agent,
    issue_types.issue_type,
    issue_types.issue_category,
    scoped.requested_at,
    scoped.replied_at,
    {{ seconds_between('scoped.requested_at', 'scoped.replied_at') }} as wait_calendar_seconds,
    {{ business_seconds('scoped.requested_at', 'scoped.replied_at', 'requested', 'replied') }} as wait_business_seconds,
    scoped.is_first,
    scoped.is_vendor_metric,
    scoped.due_at,
    {{ response_outcome('scoped.requested_at', 'scoped.replied_at', 'solves.solved_at', 'scoped.due_at', 'scoped.as_of') }}
        as outcome,
    {{ response_outcome(
        'scoped.requested_at', 'scoped.replied_at', 'solves.solved_at', add_seconds('scoped.requested_at', 86400), 'scoped.as_of'
    ) }} as outcome_24h,
    {{ response_outcome(
        'scoped.requested_at', 'scoped.replied_at', 'solves.solved_at', add_seconds('scoped.requested_at', 172800), 'scoped.as_of'
    ) }} as outcome_48h,
    scoped.created_on,
    scoped.requested_on
from scoped
inner join {{ ref('int_issue_types') }} as issue_types on scoped.contact_id = issue_types.contact_id
left join solves
    on scoped.contact_id = solves.contact_id
    and scoped.turn_no = solves.turn_no
{{ join_business_time('scoped.calendar_id', 'scoped.requested_at', 'requested') }}
{{ join_business_time('scoped.calendar_id', 'scoped.replied_at', 'replied') }}
