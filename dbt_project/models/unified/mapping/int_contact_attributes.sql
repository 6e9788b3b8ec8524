{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

tickets as (
    select * from {{ ref('int_tickets') }}
),

calls as (
    select * from {{ ref('int_calls') }}
)

select contact_id, source, 'via' as match_field, via as match_value from tickets where via is not null
union all
select contact_id, source, 'brand', brand from tickets where brand is not null
union all
select contact_id, source, 'recipient', recipient from tickets where recipient is not null
union all
select contact_id, source, 'type', subject_type from tickets where subject_type is not null
union all
select contact_id, source, 'group', team from tickets where team is not null
union all
select contact_id, source, 'text', text_match from tickets where text_match is not null
union all
select distinct {{ ticket_contact_id('source', 'ticket_id') }}, source, 'text', text_match
from {{ ref('int_messages') }}
where text_match is not null
    and author_type = 'customer'
union all
select contact_id, source, 'tag', unnest(string_split(tags, ';')) from tickets where tags is not null
union all
select contact_id, source, 'field:' || key, unnest(string_split({{ json_field('fields', 'key') }}, ';'))
from (
    select contact_id, source, fields, unnest(json_keys(fields)) as key from tickets where fields is not null
)
union all
select contact_id, source, 'queue', unnest(string_split(queues_touched, ';')) from calls where queues_touched is not null
union all
select contact_id, source, 'disposition', disposition from calls where disposition is not null
union all
select contact_id, source, 'field:' || key, unnest(string_split({{ json_field('fields', 'key') }}, ';'))
from (
    select contact_id, source, fields, unnest(json_keys(fields)) as key from calls where fields is not null
)
