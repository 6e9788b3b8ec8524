with

-- Only customers' tickets can have been remedied: spam, agent-created and merged ones are passed over.
tickets as (
    select contact_id, source, ticket_id, order_id, created_at, channel, issue_type
    from {{ ref('fct_ticket') }}
    where is_resolvable
),

-- A contact id names its ticket. A bare ticket id names a ticket of the remedy's own source, else of the only help desk there is.
named as (
    select
        remedies.source,
        remedies.remedy_id,
        coalesce(whole.contact_id, own.contact_id, other.contact_id) as contact_id
    from {{ ref('int_remedies') }} as remedies
    left join tickets as whole on remedies.ticket_id = whole.contact_id
    left join {{ ref('int_only_help_desk') }} as only_help_desk on true
    left join tickets as own
        on remedies.source = own.source
        and remedies.ticket_id = own.ticket_id
    left join tickets as other
        on only_help_desk.source = other.source
        and remedies.ticket_id = other.ticket_id
),

-- Without a ticket of its own: the earliest of the order that was there before the remedy.
of_order as (
    select
        remedies.source,
        remedies.remedy_id,
        min_by(tickets.contact_id, (tickets.created_at, tickets.contact_id)) as contact_id
    from {{ ref('int_remedies') }} as remedies
    inner join tickets
        on remedies.order_id = tickets.order_id
        and remedies.delivered_at > tickets.created_at
    group by remedies.source, remedies.remedy_id
)

select
    remedies.source,
    remedies.remedy_id,
    remedies.remedy_type,
    remedies.delivered_at,
    {{ local_date('remedies.delivered_at', 'run_settings.time_zone') }} as delivered_on,
    remedies.order_id,
    tickets.contact_id,
    tickets.created_at as ticket_created_at,
    {{ seconds_between('tickets.created_at', 'remedies.delivered_at') }} as seconds_to_remedy,
    tickets.channel,
    tickets.issue_type
from {{ ref('int_remedies') }} as remedies
inner join named
    on remedies.source = named.source
    and remedies.remedy_id = named.remedy_id
left join of_order
    on remedies.source = of_order.source
    and remedies.remedy_id = of_order.remedy_id
left join tickets
    on coalesce(named.contact_id, of_order.contact_id) = tickets.contact_id
    and remedies.delivered_at >= tickets.created_at
cross join {{ source('control', 'run_settings') }} as run_settings
