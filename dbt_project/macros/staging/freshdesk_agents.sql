{#- Freshdesk's agents seen from the staging models. Every macro is the body of a CTE. -#}

{#- One row per agent in any version seen: agent_email and agent_name as the newest say. -#}
{% macro freshdesk_agent_names() %}
    select
        agent_id as user_id,
        max_by(agent_email, (coalesce(updated_at, timestamp '0001-01-01'), _load_no, _row_no))
            filter (where agent_email is not null) as agent_email,
        max_by(agent_name, (coalesce(updated_at, timestamp '0001-01-01'), _load_no, _row_no))
            filter (where agent_name is not null) as agent_name
    from ({{ seen_versions('freshdesk__agents', 'agent_id', 'updated_at') }}) as agents
    group by agent_id
{% endmacro %}

{#- One row per name that one agent alone has: who the CSV export means by it. Reads the CTE agent_names. -#}
{% macro freshdesk_named_agents() %}
    select agent_name, min(user_id) as user_id, min(agent_email) as agent_email
    from agent_names
    where agent_name is not null
    group by agent_name
    having count(*) = 1
{% endmacro %}
