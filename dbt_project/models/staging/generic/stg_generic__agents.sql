{{ config(materialized='compared', key=['email_key']) }}

-- The lake has a key of the actor, who may be a customer: whoever was ever named as an agent is known by it.
select
    email_key,
    min(email) as email
from (
    select
        assignee_email_key as email_key,
        lower(assignee_email) as email
    from {{ source('raw', 'generic__tickets') }}
    union all
    select
        author_email_key as email_key,
        lower(author_email) as email
    from {{ source('raw', 'generic__messages') }}
    union all
    select
        agent_email_key as email_key,
        lower(agent_email) as email
    from {{ source('raw', 'generic__calls') }}
    {%- for stream in ['schedule_intervals', 'status_intervals'] %}
    union all
    select distinct
        agent_email_key,
        lower(agent_email)
    from {{ source('raw', 'generic__' ~ stream) }}
    {%- endfor %}
)
where email_key is not null
group by email_key
