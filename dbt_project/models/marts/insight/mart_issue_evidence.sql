with

cells as (
    select * from {{ ref('int_issue_weeks') }}
),

weeks as (
    select week_start, any_value(week_contacts) as contacts from cells group by week_start
),

-- The four weeks before, of the cell and of everything.
compared as (
    select
        cells.*,
        coalesce(before.contacts, 0) as contacts_before,
        coalesce(all_before.contacts, 0) as all_contacts_before
    from cells
    left join lateral (
        select cast(sum(earlier.contacts) as bigint) as contacts
        from cells as earlier
        where earlier.issue_type = cells.issue_type
            and earlier.product = cells.product
            and earlier.week_start >= cells.week_start - 28
            and earlier.week_start < cells.week_start
    ) as before on true
    left join lateral (
        select cast(sum(weeks.contacts) as bigint) as contacts
        from weeks
        where weeks.week_start >= cells.week_start - 28
            and weeks.week_start < cells.week_start
    ) as all_before on true
),

-- Two proportions, or Fisher's exact test where one is expected less than five times.
tested as (
    select
        *,
        case
            when all_contacts_before = 0 then null
            -- In whole numbers: exactly five expected are enough.
            when least(contacts + contacts_before, week_contacts + all_contacts_before - contacts - contacts_before)
                * least(week_contacts, all_contacts_before) < 5 * (week_contacts + all_contacts_before)
                then {{ fisher_exact_p('contacts', 'week_contacts', 'contacts_before', 'all_contacts_before') }}
            else {{ two_sided_p(two_proportion_z('contacts', 'week_contacts', 'contacts_before', 'all_contacts_before')) }}
        end as p_value
    from compared
),

-- Holm: the smallest p of a week times all its tests, the next times one less, never falling.
ranked as (
    select
        *,
        case when p_value is not null then least(1, p_value * (
            count(p_value) over (partition by week_start) + 1
            - row_number() over (partition by week_start order by p_value nulls last, issue_type, product)
        )) end as stepped
    from tested
)

select
    week_start,
    issue_type,
    product,
    contacts,
    complaints,
    week_contacts,
    contacts / week_contacts::double as share,
    contacts_before,
    all_contacts_before,
    contacts_before / nullif(all_contacts_before, 0)::double as share_before,
    contacts / week_contacts::double - contacts_before / nullif(all_contacts_before, 0)::double as share_change,
    p_value,
    max(stepped) over (
        partition by week_start order by p_value nulls last, issue_type, product
        rows between unbounded preceding and current row
    ) as p_value_holm,
    cast(median_replies as double) as median_replies,
    median_first_response_seconds,
    replies,
    replies_with_resource,
    answered_tickets,
    top_resource,
    top_resource_tickets,
    contacts >= 20
        and coalesce(median_replies <= 1, false)
        and top_resource_tickets >= 0.6 * contacts as is_automation_candidate,
    sample_contact_ids
from ranked
