with

-- Every contact by local week, issue type and product; tickets, merged ones left out, lend replies and response time.
contacts as (
    select
        contacts.contact_id,
        contacts.contact_type,
        cast(date_trunc('week', contacts.arrived_on) as date) as week_start,
        contacts.issue_type,
        coalesce(contacts.product, '(none)') as product,
        contacts.is_complaint,
        tickets.contact_id is not null as is_answerable,
        tickets.public_replies,
        turns.wait_calendar_seconds as first_response_seconds
    from {{ ref('fct_contact') }} as contacts
    left join {{ ref('fct_ticket') }} as tickets
        on contacts.contact_id = tickets.contact_id
        and tickets.is_resolvable
    left join {{ ref('fct_response') }} as turns
        on contacts.contact_id = turns.contact_id
        and turns.is_first
),

cells as (
    select
        week_start,
        issue_type,
        product,
        count(*) as contacts,
        count(*) filter (where is_complaint) as complaints,
        median(public_replies) as median_replies,
        median(cast(first_response_seconds as double)) as median_first_response_seconds,
        string_agg(contact_id, ';' order by place) filter (where place <= 3) as sample_contact_ids
    from (
        select
            *,
            row_number() over (
                partition by week_start, issue_type, product order by contact_type = 'ticket' desc, contact_id
            ) as place
        from contacts
    ) as placed
    group by week_start, issue_type, product
),

-- Replies made with a macro, script or article, and the one used for most tickets of the cell.
replies as (
    select
        contacts.week_start,
        contacts.issue_type,
        contacts.product,
        contacts.contact_id,
        messages.resource_used
    from {{ ref('int_messages') }} as messages
    inner join contacts on {{ ticket_contact_id('messages.source', 'messages.ticket_id') }} = contacts.contact_id
    where contacts.is_answerable
        and messages.author_type = 'agent'
        and messages.is_public
),

reply_cells as (
    select
        week_start,
        issue_type,
        product,
        count(*) as replies,
        count(resource_used) as replies_with_resource,
        count(distinct contact_id) as answered_tickets
    from replies
    group by week_start, issue_type, product
),

top_resources as (
    select
        week_start,
        issue_type,
        product,
        resource_used as top_resource,
        count(distinct contact_id) as top_resource_tickets
    from replies
    where resource_used is not null
    group by week_start, issue_type, product, resource_used
    qualify row_number() over (
        partition by week_start, issue_type, product order by top_resource_tickets desc, top_resource
    ) = 1
)

select
    cells.*,
    coalesce(reply_cells.replies, 0) as replies,
    coalesce(reply_cells.replies_with_resource, 0) as replies_with_resource,
    coalesce(reply_cells.answered_tickets, 0) as answered_tickets,
    top_resources.top_resource,
    coalesce(top_resources.top_resource_tickets, 0) as top_resource_tickets,
    cast(sum(cells.contacts) over (partition by cells.week_start) as bigint) as week_contacts
from cells
left join reply_cells
    on cells.week_start = reply_cells.week_start
    and cells.issue_type = reply_cells.issue_type
    and cells.product = reply_cells.product
left join top_resources
    on cells.week_start = top_resources.week_start
    and cells.issue_type = top_resources.issue_type
    and cells.product = top_resources.product
