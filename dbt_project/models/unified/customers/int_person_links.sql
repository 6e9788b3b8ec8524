-- Rows seen at as_of only; an outbound call is no contact, but it may say whose number an address has.
select requester_email_key as email_key, requester_phone_key as phone_key
from {{ ref('int_tickets') }}
where requester_email_key is not null
    and requester_phone_key is not null
union
select customer_email_key, caller_phone_key
from {{ ref('int_calls') }}
where customer_email_key is not null
    and caller_phone_key is not null
union
select email_key, phone_key
from ({{ union_staging('people') }}) as people
