{#- What is compared: (metric, unit, tolerance, vendor's, ours, why they may differ). The vendor counts whole minutes. -#}
{%- set figures = [
    ('first_response_time', 'seconds', 60, 'vendor_reply_seconds', 'own_reply_seconds',
     'a vendor may count replies of bots and rules, or from when an SLA was applied'),
    ('first_resolution_time', 'seconds', 60, 'vendor_first_solved_seconds', 'own_first_solved_seconds',
     'a vendor may count solves by rules, or leave out a solve that was taken back at once'),
    ('resolution_time', 'seconds', 60, 'vendor_solved_seconds', 'own_solved_seconds',
     'a vendor may keep an earlier solve of a ticket that was reopened'),
    ('first_response_time_business', 'seconds', 60, 'vendor_reply_business_seconds', 'own_reply_business_seconds',
     'a vendor counts by the schedule that the ticket has had last, we by the calendar of its channel'),
    ('resolution_time_business', 'seconds', 60, 'vendor_solved_business_seconds', 'own_solved_business_seconds',
     'a vendor counts by the schedule that the ticket has had last, we by the calendar of its channel'),
    ('reopens', 'count', 0, 'vendor_reopens', 'own_reopens', 'a vendor may count a reopening by a rule or a merge'),
    ('public_replies', 'count', 0, 'vendor_public_replies', 'own_public_replies',
     'a vendor may count private notes, or replies of bots and rules'),
] -%}
with

-- Tickets of the last 92 days whose messages or status changes we have, so that our figure is no copy of the vendor's.
tickets as (
    select
        theirs.source,
        theirs.contact_id,
        theirs.created_on,
        {{ seconds_between('theirs.created_at', 'theirs.vendor_first_replied_at') }} as vendor_reply_seconds,
        {{ seconds_between('theirs.created_at', 'theirs.vendor_first_solved_at') }} as vendor_first_solved_seconds,
        {{ seconds_between('theirs.created_at', 'theirs.vendor_solved_at') }} as vendor_solved_seconds,
        cast(theirs.vendor_reply_business_seconds as decimal(18, 6)) as vendor_reply_business_seconds,
        cast(theirs.vendor_solved_business_seconds as decimal(18, 6)) as vendor_solved_business_seconds,
        cast(theirs.vendor_reopens as decimal(18, 6)) as vendor_reopens,
        cast(theirs.vendor_public_replies as decimal(18, 6)) as vendor_public_replies,
        case when not turns.is_vendor_metric then turns.wait_calendar_seconds end as own_reply_seconds,
        case when not ours.is_vendor_metric then {{ seconds_between('ours.created_at', 'ours.first_solved_at') }} end
            as own_first_solved_seconds,
        case when not ours.is_vendor_metric then ours.resolution_calendar_seconds end as own_solved_seconds,
        case when not turns.is_vendor_metric then turns.wait_business_seconds end as own_reply_business_seconds,
        case when not ours.is_vendor_metric then ours.resolution_business_seconds end as own_solved_business_seconds,
        case when not ours.is_vendor_metric then cast(ours.reopens as decimal(18, 6)) end as own_reopens,
        case when theirs.has_exported_messages then cast(ours.public_replies as decimal(18, 6)) end as own_public_replies
    from {{ ref('int_tickets') }} as theirs
    cross join {{ source('control', 'run_settings') }} as run_settings
    inner join {{ ref('fct_ticket') }} as ours on theirs.contact_id = ours.contact_id
    left join {{ ref('fct_response') }} as turns on theirs.contact_id = turns.contact_id and turns.is_first
    where
        ours.is_resolvable
        and theirs.created_on > {{ local_date('run_settings.as_of', 'run_settings.time_zone') }} - 92
),

compared as (
    {%- for metric, unit, tolerance, vendor, own, reason in figures %}
    select
        source, contact_id, created_on, '{{ metric }}' as metric, '{{ unit }}' as unit,
        cast({{ tolerance }} as decimal(18, 6)) as tolerance, '{{ reason }}' as possible_reason,
        {{ vendor }} as vendor_figure, {{ own }} as own_figure
    from tickets
    where {{ vendor }} is not null and {{ own }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select *, abs(vendor_figure - own_figure) <= tolerance as is_agreed
from compared
