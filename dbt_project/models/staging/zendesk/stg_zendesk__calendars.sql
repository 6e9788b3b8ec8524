with

-- A row holds the whole schedule: its newest version seen at as_of counts.
schedules as (
    select
        'zendesk/' || versions.schedule_id as calendar_id,
        versions.time_zone,
        from_json(versions.intervals, '[{"start_time": "INTEGER", "end_time": "INTEGER"}]') as intervals
    from (
        select schedules.*, _load_no as load_no, _row_no as row_no, settings.as_of
        from {{ source('raw', 'zendesk__schedules') }} as schedules
        cross join {{ source('control', 'run_settings') }} as settings
    ) as versions
    qualify {{ pick_version('schedule_id', 'updated_at') }}
),

-- The null at the end becomes a row of weekday 0: a schedule that never opens would else be unknown, so 24/7.
weekly as (
    select
        calendar_id,
        time_zone,
        unnest(list_append(coalesce(intervals, []), null)) as opening
    from schedules
)

select
    calendar_id,
    time_zone,
    -- Minutes count from Sunday 00:00; weekdays from Monday = 1.
    case
        when opening.start_time < 1440 then 7
        else coalesce(opening.start_time // 1440, 0)
    end as weekday,
    coalesce(opening.start_time % 1440, 0) as opens_minute,
    coalesce(opening.start_time % 1440 + opening.end_time - opening.start_time, 0) as closes_minute
from weekly
