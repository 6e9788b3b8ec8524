{{ config(materialized='compared', key=['kind', 'id']) }}

with roles as ({{ zendesk_roles() }}),

agent_names as ({{ zendesk_agent_names() }}),

-- Rows that say nothing new about a role change nothing.
role_changes as (
    select
        user_id,
        is_agent,
        valid_from_at
    from roles
    qualify is_agent is distinct from lag(is_agent) over (partition by user_id order by valid_from_at)
),

roles_of_users as (
    select
        user_id,
        string_agg(is_agent || ' ' || valid_from_at, ';' order by valid_from_at) as roles
    from role_changes
    group by user_id
)

select
    'user' as kind,
    once_agents.user_id as id,
    cast([agent_names.agent_email, agent_names.agent_name, roles_of_users.roles] as varchar) as meaning
from {{ ref('stg_zendesk__once_agents') }} as once_agents
left join agent_names on once_agents.user_id = agent_names.user_id
left join roles_of_users on once_agents.user_id = roles_of_users.user_id
union all
select 'group', group_id, name from ({{ newest_names('zendesk__groups', 'group_id') }}) as groups_
union all
select 'brand', brand_id, name from ({{ newest_names('zendesk__brands', 'brand_id') }}) as brands
