-- What a user's newest seen rows say of address and number, as for the requester of a ticket.
select
    max_by(users.email_key, users.updated_at) filter (where users.email_key is not null) as email_key,
    max_by(users.phone_key, users.updated_at) filter (where users.phone_key is not null) as phone_key
from ({{ seen_versions('zendesk__users', 'user_id', 'updated_at') }}) as users
cross join {{ source('control', 'run_settings') }} as settings
where coalesce(users.created_at <= settings.as_of, true)
group by users.user_id
having
    count(users.email_key) > 0
    and count(users.phone_key) > 0
