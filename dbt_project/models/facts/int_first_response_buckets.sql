{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

buckets as (
    select *
    from (
        values
        ('0-1h', null, 3600), ('1-6h', 3600, 21600), ('6-12h', 21600, 43200), ('12-24h', 43200, 86400),
        ('24-48h', 86400, 172800), ('48h+', 172800, null), ('unanswered', null, null)
    ) as buckets (bucket, above_seconds, up_to_seconds)
)

select
    turns.contact_id,
    turns.created_on,
    buckets.bucket,
    turns.channel || ':' || buckets.bucket as channel_bucket,
    case
        when buckets.bucket = 'unanswered' then turns.replied_at is null
        else turns.replied_at is not null
            and (buckets.above_seconds is null or turns.wait_calendar_seconds > buckets.above_seconds)
            and (buckets.up_to_seconds is null or turns.wait_calendar_seconds <= buckets.up_to_seconds)
    end as is_in_bucket
from {{ ref('fct_response') }} as turns
cross join buckets
where turns.is_first
