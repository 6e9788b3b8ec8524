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
)

select * from configured
union
select
    calendar_id,
    time_zone,
    weekday,
    opens_minute,
    closes_minute,
    date '0001-01-01' as valid_from,
    date '9999-12-31' as valid_to
from {{ ref('stg_zendesk__calendars') }}
where calendar_id not in (select calendar_id from configured)
