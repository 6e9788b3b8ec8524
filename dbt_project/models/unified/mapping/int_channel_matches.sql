{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

select distinct
    attributes.contact_id,
    channels.row_no,
    channels.match_value,
    channels.channel,
    channels.response_target_seconds,
    channels.calendar_id,
    channels.display_unit,
    coalesce(channels.valid_from, date '0001-01-01') as valid_from,
    coalesce(channels.valid_to, date '9999-12-31') as valid_to
from {{ ref('int_contact_attributes') }} as attributes
inner join {{ source('control', 'cfg_channels') }} as channels
    on attributes.match_field = channels.match_field
    and attributes.match_value = channels.match_value
    and (channels.source is null or channels.source = attributes.source)
