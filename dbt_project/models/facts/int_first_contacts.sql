{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

contacts as (
    select
        contact_id,
        customer_key,
        issue_type,
        issue_type = 'unknown' as is_any_type,
        arrived_at,
        fcr_window_seconds,
        is_settled_at_once
    from {{ ref('int_contacts') }}
    where is_in_history
),

-- Contacts of the same instant are neither before nor after each other: frames count groups of peers. One pass per
-- stream, the one of a customer and type and the one of a customer, and no contact is held against another.
neighbours as (
    select
        *,
        max(arrived_at) over type_before as same_type_before_at,
        min(arrived_at) over type_after as same_type_after_at,
        max(arrived_at) over any_before as any_before_at,
        min(arrived_at) over any_after as any_after_at,
        max(arrived_at) filter (where is_any_type) over any_before as unknown_before_at,
        min(arrived_at) filter (where is_any_type) over any_after as unknown_after_at
    from contacts
    window
        type_before as (
            partition by customer_key, issue_type order by arrived_at groups between unbounded preceding and 1 preceding
        ),
        type_after as (
            partition by customer_key, issue_type order by arrived_at groups between 1 following and unbounded following
        ),
        any_before as (
            partition by customer_key order by arrived_at groups between unbounded preceding and 1 preceding
        ),
        any_after as (
            partition by customer_key order by arrived_at groups between 1 following and unbounded following
        )
),

judged as (
    select
        contact_id,
        is_settled_at_once,
        {{ add_seconds('arrived_at', 'fcr_window_seconds') }} as window_ends_at,
        {{ add_seconds('arrived_at', '-fcr_window_seconds') }} as window_starts_at,
        case when is_any_type then any_before_at else greatest(same_type_before_at, unknown_before_at) end as before_at,
        case when is_any_type then any_after_at else least(same_type_after_at, unknown_after_at) end as after_at
    from neighbours
),

firsts as (
    select
        *,
        coalesce(before_at < window_starts_at, true) as is_first_contact
    from judged
)

select
    firsts.contact_id,
    firsts.is_first_contact,
    case when firsts.is_first_contact then firsts.window_ends_at <= run_settings.as_of end as is_mature,
    case
        when firsts.is_first_contact and firsts.window_ends_at <= run_settings.as_of
            then firsts.is_settled_at_once and coalesce(firsts.after_at > firsts.window_ends_at, true)
    end as is_resolved_first_contact
from firsts
cross join {{ source('control', 'run_settings') }} as run_settings
