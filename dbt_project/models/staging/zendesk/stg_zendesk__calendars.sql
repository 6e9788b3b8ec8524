with

-- Every export holds the whole schedule: its newest one counts.
schedules as (
    select
        'zendesk/' || schedule_id as calendar_id,
        time_zone,
        from_json(intervals, '[{"start_time": "INTEGER", "end_time": "INTEGER"}]') as intervals
    from {{ source('raw', 'zendesk__schedules') }}
    qualify _load_no = max(_load_no) over (partition by schedule_id)
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
