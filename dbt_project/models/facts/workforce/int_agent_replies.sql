{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}
{{ after('int_widened') }}

select
    tickets.contact_id,
    tickets.source,
    messages.message_id,
    messages.sent_at as replied_at,
    {{ local_date('messages.sent_at', 'run_settings.time_zone') }} as replied_on,
    messages.author as agent,
    coalesce(tickets.is_agent_created, false) as is_agent_created,
    messages.resource_used
from {{ ref('int_messages') }} as messages
inner join {{ ref('int_tickets') }} as tickets
    on messages.source = tickets.source
    and messages.ticket_id = tickets.ticket_id
cross join {{ source('control', 'run_settings') }} as run_settings
where messages.author_type = 'agent'
    and messages.is_public
    and tickets.status not in ('spam', 'deleted', 'merged')
    and not coalesce(tickets.is_test, false)
