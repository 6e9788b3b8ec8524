{{ config(materialized='compared', key=['person_key']) }}

{# Everyone who shares a number stands next to its smallest address. A person with one address needs no more than this. #}
{%- set phones -%}
    select phone_key, min(email_key) as email_key from {{ ref('int_person_links') }} group by phone_key
{%- endset -%}

{%- set neighbours -%}
    select links.email_key as key, phones.email_key as other_key
    from {{ ref('int_person_links') }} as links
    inner join ({{ phones }}) as phones on links.phone_key = phones.phone_key
    where links.email_key <> phones.email_key
    union
    select phones.email_key, links.email_key
    from {{ ref('int_person_links') }} as links
    inner join ({{ phones }}) as phones on links.phone_key = phones.phone_key
    where links.email_key <> phones.email_key
{%- endset -%}

with

phones as (
    {{ phones }}
),

labels as (
    {{ smallest_connected(neighbours) }}
)

select
    emails.email_key as person_key,
    coalesce(labels.label, emails.email_key) as customer_key
from (select distinct email_key from {{ ref('int_person_links') }}) as emails
left join labels on emails.email_key = labels.key
union all
select
    phones.phone_key,
    coalesce(labels.label, phones.email_key)
from phones
left join labels on phones.email_key = labels.key
