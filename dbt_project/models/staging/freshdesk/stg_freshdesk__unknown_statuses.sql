with

newest as (
    select versions.*
    from {{ ref('stg_freshdesk__ticket_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as settings
    where versions.version_at <= settings.as_of
    qualify row_number() over (
        partition by versions.ticket_id order by versions.version_at desc, versions.load_no desc, versions.row_no desc
    ) = 1
)

-- A status of the account's own is no resolve. One beside a resolve that stands may be: the CSV export speaks the language of who made it.
select
    'freshdesk' as source,
    ticket_id,
    status
from newest
where status not in ('open', 'pending', 'resolved', 'closed', 'waiting_on_customer', 'waiting_on_third_party')
    and coalesce(resolved_at, closed_at) >= coalesce(reopened_at, resolved_at, closed_at)
    and not is_spam
    and not is_deleted
