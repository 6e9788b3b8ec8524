with

tickets as (
    select contact_id, created_on, via from {{ ref('int_tickets') }}
),

matched as (
    select
        tickets.contact_id,
        min_by(matches.channel, matches.row_no) as channel,
        min_by(matches.calendar_id, matches.row_no) as calendar_id
    from tickets
    inner join {{ ref('int_channel_matches') }} as matches
        on tickets.contact_id = matches.contact_id
        and tickets.created_on between matches.valid_from and matches.valid_to
    group by tickets.contact_id
)

select
    tickets.contact_id,
    coalesce(matched.channel, {{ canonical_channel('tickets.via') }}) as channel,
    matched.calendar_id,
    matched.channel is not null or tickets.via in {{ canonical_channels() }} as is_mapped
from tickets
left join matched on tickets.contact_id = matched.contact_id
