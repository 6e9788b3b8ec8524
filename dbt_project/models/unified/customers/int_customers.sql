{{ config(materialized='compared', key=['person_key']) }}

with recursive

links as (
    select email_key, phone_key from {{ ref('int_person_links') }}
),

-- Everyone who shares a number stands next to its smallest address. A person with one address needs no more than this.
phones as (
    select phone_key, min(email_key) as email_key from links group by phone_key
),

neighbours as (
    select links.email_key, phones.email_key as other_key
    from links
    inner join phones on links.phone_key = phones.phone_key
    where links.email_key <> phones.email_key
    union
    select phones.email_key, links.email_key
    from links
    inner join phones on links.phone_key = phones.phone_key
    where links.email_key <> phones.email_key
),

-- In each round all keys of one label take the smallest label next to any of them, then the label which that one has
-- taken. Labels only fall and stay within their component, so it ends when neighbours agree: about log2(keys) rounds.
rounds as (
    select distinct email_key, email_key as label from neighbours
    union all
    select * from (
        with nearest as (
            select mine.label, min(least(mine.label, other.label)) as nearest_label
            from rounds as mine
            inner join neighbours on mine.email_key = neighbours.email_key
            inner join rounds as other on neighbours.other_key = other.email_key
            group by mine.label
        ),

        stepped as (
            select rounds.email_key, nearest.nearest_label as label
            from rounds
            inner join nearest on rounds.label = nearest.label
        )

        select stepped.email_key, jumped.label
        from stepped
        inner join stepped as jumped on stepped.label = jumped.email_key
        where exists (select 1 from nearest where label <> nearest_label)
    ) as next_round
),

labels as (
    select email_key, min(label) as label from rounds group by email_key
)

select
    emails.email_key as person_key,
    coalesce(labels.label, emails.email_key) as customer_key
from (select distinct email_key from links) as emails
left join labels on emails.email_key = labels.email_key
union all
select
    phones.phone_key,
    coalesce(labels.label, phones.email_key)
from phones
left join labels on phones.email_key = labels.email_key
