{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

tickets as (
    select contact_id, created_on, via from {{ ref('int_tickets') }}
),

matched as (
    select tickets.contact_id, min(matches.row_no) as row_no
    from tickets
    inner join {{ ref('int_channel_matches') }} as matches
        on tickets.contact_id = matches.contact_id
        and tickets.created_on between matches.valid_from and matches.valid_to
    group by tickets.contact_id
)

select
    tickets.contact_id,
    coalesce(channels.channel, {{ canonical_channel('tickets.via') }}) as channel,
    channels.calendar_id,
    channels.channel is not null or tickets.via in {{ canonical_channels() }} as is_mapped
from tickets
left join matched on tickets.contact_id = matched.contact_id
left join {{ source('control', 'cfg_channels') }} as channels on matched.row_no = channels.row_no
