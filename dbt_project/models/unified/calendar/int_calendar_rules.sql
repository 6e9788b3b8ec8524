with

configured as (
    select
        calendar_id,
        time_zone,
        weekday,
        cast(split_part(opens, ':', 1) as integer) * 60 + cast(split_part(opens, ':', 2) as integer) as opens_minute,
        cast(split_part(closes, ':', 1) as integer) * 60 + cast(split_part(closes, ':', 2) as integer) as closes_minute,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ source('control', 'cfg_calendars') }}
),

zendesk_schedules as (
    select
        'zendesk/' || schedule_id as calendar_id,
        time_zone,
        from_json(intervals, '[{"start_time": "INTEGER", "end_time": "INTEGER"}]') as intervals
    from {{ source('raw', 'zendesk__schedules') }}
    qualify _load_no = max(_load_no) over ()
),

-- The null at the end becomes a row of weekday 0: a schedule that never opens would else be unknown, so 24/7.
zendesk_intervals as (
    select
        calendar_id,
        time_zone,
        unnest(list_append(coalesce(intervals, []), null)) as weekly
    from zendesk_schedules
    where calendar_id not in (select calendar_id from configured)
),

zendesk as (
    select
        calendar_id,
        time_zone,
        -- Minutes count from Sunday 00:00; weekdays from Monday = 1.
        case
            when weekly.start_time < 1440 then 7
            else coalesce(weekly.start_time // 1440, 0)
        end as weekday,
        coalesce(weekly.start_time % 1440, 0) as opens_minute,
        coalesce(weekly.start_time % 1440 + weekly.end_time - weekly.start_time, 0) as closes_minute,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to
    from zendesk_intervals
)

select * from configured
union
select * from zendesk
