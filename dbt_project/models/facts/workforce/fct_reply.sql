with

-- A source whose messages never name a resource does not record them.
recording as (
    select distinct source from {{ ref('int_messages') }} where resource_used is not null
)

select
    replies.contact_id,
    replies.message_id,
    replies.replied_at,
    replies.agent,
    days.team,
    issue_types.issue_type,
    replies.resource_used,
    replies.resource_used is not null as is_resource_used,
    recording.source is not null as is_resource_recorded,
    replies.replied_on
from {{ ref('int_agent_replies') }} as replies
inner join {{ ref('int_issue_types') }} as issue_types on replies.contact_id = issue_types.contact_id
left join recording on replies.source = recording.source
left join {{ ref('int_agent_days') }} as days
    on replies.agent = days.agent
    and replies.replied_on = days.local_day
where not coalesce(replies.is_agent_created, false)
