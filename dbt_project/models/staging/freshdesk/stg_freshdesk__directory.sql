{{ config(materialized='compared', key=['kind', 'id']) }}

with agent_names as ({{ freshdesk_agent_names() }})

select 'agent' as kind, user_id as id, cast([agent_email, agent_name] as varchar) as meaning from agent_names
union all
select 'name', agent_name, cast([user_id, agent_email] as varchar) from ({{ freshdesk_named_agents() }}) as named_agents
union all
select 'group', group_id, name from ({{ newest_names('freshdesk__groups', 'group_id') }}) as groups_
