with

-- A configured calendar replaces the exported one of the same name, its holidays with it.
exported as (
    select distinct calendar_id
    from {{ ref('stg_zendesk__calendars') }}
    where calendar_id not in (select calendar_id from {{ source('control', 'cfg_calendars') }})
)

select calendar_id, starts_on, ends_on from {{ source('control', 'cfg_holidays') }}
union
select
    exported.calendar_id,
    holidays.starts_on,
    holidays.ends_on
from exported
inner join {{ ref('stg_zendesk__holidays') }} as holidays
    on holidays.calendar_id is null
    or exported.calendar_id = holidays.calendar_id
