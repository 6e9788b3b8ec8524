-- Legs -> calls: a contact record is one leg, a customer's call is the chain that began with its first contact.
with settings as (select as_of from {{ source('control', 'run_settings') }}),

known_agents as ({{ known_agents('amazon_connect') }}),

-- The version of each leg that as_of sees: the newest written by then, else the oldest. Legs of listeners (MONITOR) and
-- of flows that run after the customer has gone (DISCONNECT) are none of the customer's call.
seen as (
    select
        records.*,
        coalesce(records.initial_contact_id, records.contact_id) as call_id,
        -- The callback, and where it was handed on to: whoever waited for it had left the queue.
        records.initiation_method = 'CALLBACK' or coalesce(
            records.initiated_at > min(case when records.initiation_method = 'CALLBACK' then records.initiated_at end)
                over (partition by coalesce(records.initial_contact_id, records.contact_id)),
            false
        ) as is_callback,
        greatest(
            records.initiated_at, records.enqueued_at, records.connected_to_agent_at, records.disconnected_at,
            {{ add_seconds('records.connected_to_agent_at', 'records.interaction_seconds') }}
        ) as last_instant_at
    from {{ source('raw', 'amazon_connect__contact_records') }} as records
    cross join settings
    where
        records.channel = 'VOICE'
        and records.initiation_method not in ('MONITOR', 'DISCONNECT')
        and records.initiated_at <= settings.as_of
    qualify row_number() over (
        partition by records.contact_id
        order by
            case when records.last_updated_at <= settings.as_of then records.last_updated_at end desc nulls last,
            records.last_updated_at, records._load_no desc, records._row_no desc
    ) = 1
),

-- leg_no: the first contact, then the legs as they began, callbacks last. A callback that is asked for but not over at
-- as_of says that it was asked for and nothing else.
legs as (
    select
        seen.*,
        not seen.is_callback or seen.last_instant_at <= settings.as_of as is_over,
        seen.initiation_method in ('TRANSFER', 'QUEUE_TRANSFER') and seen.connected_to_agent_at is not null
            as is_handed_over,
        row_number() over (
            partition by seen.call_id
            order by seen.is_callback, seen.contact_id <> seen.call_id, seen.initiated_at, seen.contact_id
        ) as leg_no,
        first_value(seen.queue_name) over (
            partition by seen.call_id
            order by
                seen.is_callback, seen.enqueued_at is null, seen.contact_id <> seen.call_id, seen.initiated_at,
                seen.contact_id
        ) as first_queue
    from seen
    cross join settings
),

calls as (
    select
        call_id,
        min_by(initiation_method, leg_no) as first_method,
        min(initiated_at) as arrived_at,
        bool_or(is_callback) as has_callback,
        bool_or(is_transferred_external) as is_external,
        min(first_queue) as queue,
        string_agg(distinct queue_name, ';' order by queue_name) filter (where is_over) as queues_touched,
        string_agg(distinct queue_name, ';' order by queue_name)
            filter (where is_handed_over and is_over and queue_name is distinct from first_queue) as transferred_to_queues,
        bool_or(is_handed_over and is_over and queue_name is null and first_queue is not null) as is_sent_to_agent,
        min(enqueued_at) filter (where not is_callback) as queued_at,
        min(connected_to_agent_at) filter (where not is_callback) as answered_at,
        max(coalesce(dequeued_at, disconnected_at)) filter (where enqueued_at is not null and not is_callback)
            as left_queue_at,
        max(disconnected_at) filter (where not is_callback) as ended_at,
        max_by(coalesce(disconnect_reason, '(none)'), leg_no) filter (where not is_callback) as last_reason,
        min_by(agent_username, leg_no) filter (where connected_to_agent_at is not null and is_over) as agent,
        sum(interaction_seconds) filter (where is_over) as talk_seconds,
        sum(hold_seconds) filter (where is_over) as hold_seconds,
        sum(after_contact_work_seconds) filter (where is_over) as wrap_up_seconds,
        min_by(customer_phone_key, leg_no) as caller_phone_key,
        min_by(ticket_id, leg_no) as ticket_id,
        max_by(fields, leg_no) as fields,
        coalesce(max(last_instant_at) filter (where not is_callback), min(initiated_at)) as last_instant_at
    from legs
    group by call_id
)

select
    'amazon_connect' as source, 'contact_records' as stream,
    calls.call_id, calls.arrived_at, 'inbound' as direction,
    case
        when calls.answered_at is not null then 'answered'
        when calls.has_callback then 'callback_requested'
        when calls.is_external then 'overflow'
        when calls.last_reason = 'TELECOM_PROBLEM' then 'failed'
        when calls.queued_at is null and calls.last_reason = 'CUSTOMER_DISCONNECT' then 'abandoned'
        when calls.queued_at is not null and calls.last_reason in ('CONTACT_FLOW_DISCONNECT', 'EXPIRED') then 'timeout'
        when calls.queued_at is not null then 'abandoned'
    end as outcome,
    case when calls.answered_at is not null then 'agent' when calls.queued_at is not null then 'queue' else 'ivr' end
        as stage_reached,
    calls.queue, cast(null as varchar) as team,
    calls.queued_at, calls.answered_at,
    case when calls.queued_at is not null then coalesce(calls.answered_at, calls.left_queue_at) end as left_queue_at,
    calls.ended_at,
    calls.talk_seconds, calls.hold_seconds, calls.wrap_up_seconds,
    coalesce(known.agent_email, calls.agent) as agent,
    calls.caller_phone_key, cast(null as varchar) as customer_email_key, calls.ticket_id,
    cast(null as varchar) as disposition, cast(null as varchar) as disposition_class,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category,
    calls.is_external or calls.is_sent_to_agent as is_transferred,
    cast(null as varchar) as transferred_to_team, calls.transferred_to_queues,
    false as is_escalated, cast(null as varchar) as escalation_reason,
    calls.queues_touched, calls.fields, calls.last_instant_at,
    cast(null as timestamp) as version_at, cast(null as bigint) as load_no, cast(null as bigint) as row_no
from calls
cross join settings
left join known_agents as known
    on calls.agent = known.agent
    and calls.arrived_at >= known.valid_from_at
    and calls.arrived_at < known.valid_until_at
where
    calls.last_instant_at <= settings.as_of
    -- What the company dials is no customer's call; every other way, a new one of the vendor's included, is.
    and calls.first_method not in ('OUTBOUND', 'EXTERNAL_OUTBOUND', 'API')
