-- Sessions from a log of events: lines -> legs (one per queue entry) -> calls. A line counts at its own time.
with settings as (select as_of from {{ source('control', 'run_settings') }}),

known_agents as ({{ known_agents('asterisk') }}),

-- A log that was read again from its start: the last reading of a line stands. A call may run over the rotation of
-- the log: inside one second the log that began earlier comes first.
lines as (
    select log.*, min(log.logged_at) over (partition by log.log_id) as log_started_at
    from {{ source('raw', 'asterisk__queue_log') }} as log
    cross join settings
    where log.logged_at <= settings.as_of
    qualify row_number() over (partition by log.log_id, log._row_no order by log._load_no desc) = 1
),

ordered as (
    select
        *,
        row_number() over (partition by call_id order by logged_at, log_started_at, log_id, _row_no) as line_no
    from lines
    where call_id not in ('NONE', 'REALTIME', 'MANAGER', 'CLI')
),

-- LINK names two channels where BRIDGE and APP name one thing, which moves the talk time by one.
numbered as (
    select
        *,
        count(*) filter (where event = 'ENTERQUEUE') over (partition by call_id order by line_no) as leg_no,
        event in ('CONNECT', 'ABANDON', 'WITHDRAW', 'SYSCOMPAT') or event like 'EXIT%' as is_fate,
        event in ('BLINDTRANSFER', 'ATTENDEDTRANSFER', 'TRANSFER') as is_transfer,
        case
            when event in ('COMPLETEAGENT', 'COMPLETECALLER') then data2
            when event = 'ATTENDEDTRANSFER' and data1 = 'LINK' then data5
            when event in ('BLINDTRANSFER', 'ATTENDEDTRANSFER', 'TRANSFER') then data4
        end as talk
    from ordered
),

legs as (
    select
        call_id,
        leg_no,
        min(logged_at) filter (where event = 'ENTERQUEUE') as entered_at,
        min(queue) filter (where event = 'ENTERQUEUE') as queue,
        min(caller_phone_key) filter (where event = 'ENTERQUEUE') as caller_phone_key,
        coalesce(min_by(event, line_no) filter (where is_fate), '(none)') as fate,
        min(logged_at) filter (where is_fate) as fate_at,
        min_by(agent, line_no) filter (where event = 'CONNECT') as agent,
        min(logged_at) filter (where is_transfer or event like 'COMPLETE%') as talk_ended_at,
        min_by(try_cast(talk as decimal(18, 6)), line_no) filter (where talk is not null) as talk_seconds,
        bool_or(is_transfer) as is_transferred,
        max(logged_at) as last_line_at
    from numbered
    where leg_no > 0
    group by call_id, leg_no
),

calls as (
    select
        call_id,
        min(entered_at) as arrived_at,
        min_by(queue, leg_no) as queue,
        string_agg(distinct queue, ';' order by queue) as queues_touched,
        min_by(caller_phone_key, leg_no) as caller_phone_key,
        min(fate_at) filter (where fate = 'CONNECT') as answered_at,
        min_by(agent, leg_no) filter (where fate = 'CONNECT') as agent,
        max_by(fate, leg_no) as last_fate,
        max(fate_at) as last_fate_at,
        case when bool_and(talk_seconds is not null or fate <> 'CONNECT') then sum(talk_seconds) end as talk_seconds,
        bool_or(is_transferred) as is_transferred,
        max(coalesce(talk_ended_at, fate_at)) as last_end_at,
        max(last_line_at) as last_line_at,
        max_by(fate <> '(none)' and (fate <> 'CONNECT' or talk_ended_at is not null), leg_no) as is_closed
    from legs
    group by call_id
)

select
    'asterisk' as source,
    'queue_log' as stream,
    calls.call_id,
    calls.arrived_at,
    'inbound' as direction,
    case
        when calls.answered_at is not null then 'answered'
        when calls.last_fate = 'ABANDON' then 'abandoned'
        when calls.last_fate = 'EXITWITHTIMEOUT' then 'timeout'
        when calls.last_fate = 'EXITEMPTY' then 'leave_empty'
        when calls.last_fate in ('EXITWITHKEY', 'WITHDRAW') then 'overflow'
        when calls.last_fate = 'SYSCOMPAT' then 'failed'
    end as outcome,
    case when calls.answered_at is not null then 'agent' else 'queue' end as stage_reached,
    calls.queue,
    cast(null as varchar) as team,
    calls.arrived_at as queued_at,
    calls.answered_at,
    coalesce(calls.answered_at, case when calls.last_fate <> '(none)' then calls.last_fate_at end) as left_queue_at,
    case when calls.is_closed then calls.last_end_at end as ended_at,
    calls.talk_seconds,
    cast(null as decimal(18, 6)) as hold_seconds, cast(null as decimal(18, 6)) as wrap_up_seconds,
    coalesce(known.agent_email, calls.agent) as agent,
    calls.caller_phone_key,
    cast(null as varchar) as customer_email_key, cast(null as varchar) as ticket_id,
    cast(null as varchar) as disposition, cast(null as varchar) as disposition_class,
    cast(null as varchar) as issue_type, cast(null as varchar) as issue_category,
    calls.is_transferred,
    cast(null as varchar) as transferred_to_team, cast(null as varchar) as transferred_to_queues,
    false as is_escalated,
    cast(null as varchar) as escalation_reason,
    calls.queues_touched, cast(null as varchar) as fields,
    calls.last_line_at as last_instant_at,
    cast(null as timestamp) as version_at, cast(null as bigint) as load_no, cast(null as bigint) as row_no
from calls
cross join settings
left join known_agents as known
    on calls.agent = known.agent
    and calls.answered_at >= known.valid_from_at
    and calls.answered_at < known.valid_until_at
where calls.is_closed or calls.last_line_at + interval 4 hour <= settings.as_of
