{#- Zendesk users seen from the staging models of Zendesk and Talk: role at an instant, who was ever an agent, what an agent is
    called. Every macro is the body of a CTE and reads the raw streams alone; nothing here outlives these models. -#}

{#- One row per version seen at as_of of a user who was ever an agent: whether it was one in [valid_from_at, valid_until_at).
    Who never was is none at any time, and customers by the million would only fill memory. -#}
{% macro zendesk_roles() %}
    select
        user_id,
        role in ('agent', 'admin') as is_agent,
        updated_at as valid_from_at,
        coalesce(
            lead(updated_at) over (partition by user_id order by updated_at), timestamp '9999-12-31 00:00:00'
        ) as valid_until_at
    from (
        select users.user_id, users.role, users.updated_at
        from {{ source('raw', 'zendesk__users') }} as users
        cross join {{ source('control', 'run_settings') }} as settings
        where users.updated_at <= settings.as_of
            and users.user_id in (select user_id from {{ ref('stg_zendesk__once_agents') }})
        qualify row_number() over (
            partition by users.user_id, users.updated_at order by users._load_no desc, users._row_no desc
        ) = 1
    ) as versions
{% endmacro %}

{#- One row per user with an agent's name or e-mail in any version seen: agent_email, agent_name (the newest known). -#}
{% macro zendesk_agent_names() %}
    select
        user_id,
        max_by(lower(trim(agent_email)), updated_at) filter (where agent_email is not null) as agent_email,
        max_by(agent_name, updated_at) filter (where agent_name is not null) as agent_name
    from ({{ seen_versions('zendesk__users', 'user_id', 'updated_at') }}) as users
    where agent_email is not null or agent_name is not null
    group by user_id
{% endmacro %}

{#- One row per user: the newest address and number (keyed hashes) in the versions seen at as_of. -#}
{% macro zendesk_requesters() %}
    select
        user_id,
        max_by(email_key, updated_at) filter (where email_key is not null) as email_key,
        max_by(phone_key, updated_at) filter (where phone_key is not null) as phone_key
    from ({{ seen_versions('zendesk__users', 'user_id', 'updated_at') }}) as users
    group by user_id
{% endmacro %}
