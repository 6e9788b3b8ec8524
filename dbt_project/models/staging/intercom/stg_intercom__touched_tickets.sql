{% if not is_news() %}{{ none_touched(['source', 'ticket_id']) }}{% else %}
-- Rows that the tables have not seen, and rows with an instant that as_of has reached since.
with

touched as (
    select conversation_id from {{ fresh('intercom__conversations') }}
    union all
    select conversation_id
    from {{ source('raw', 'intercom__conversations') }}
    where
        greatest(
            created_at, updated_at, first_admin_reply_at, first_close_at, last_close_at, last_part_at,
            rating_requested_at, rating_updated_at
        ) > {{ seen_as_of() }}
)

select distinct 'intercom' as source, conversation_id as ticket_id from touched
{% endif %}
