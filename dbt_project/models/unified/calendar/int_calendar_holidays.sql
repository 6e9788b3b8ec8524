with

configured as (
    select calendar_id, starts_on, ends_on from {{ source('control', 'cfg_holidays') }}
),

-- Zendesk exports holidays schedule by schedule: the latest snapshot of each counts.
zendesk as (
    select schedule_id, start_date, end_date
    from {{ source('raw', 'zendesk__holidays') }}
    qualify _load_no = max(_load_no) over (partition by schedule_id)
),

-- A configured calendar replaces the schedule of the same name, its holidays with it.
schedules as (
    select distinct calendar_id
    from {{ ref('int_calendar_rules') }}
    where
        calendar_id like 'zendesk/%'
        and calendar_id not in (select calendar_id from {{ source('control', 'cfg_calendars') }})
)

select calendar_id, starts_on, ends_on from configured
union
select
    schedules.calendar_id,
    zendesk.start_date as starts_on,
    zendesk.end_date as ends_on
from schedules
inner join zendesk on zendesk.schedule_id is null or schedules.calendar_id = 'zendesk/' || zendesk.schedule_id
