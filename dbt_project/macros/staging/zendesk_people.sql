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

{#- One row per Zendesk user and period of agents.csv; at any instant a row that names the id beats one for the e-mail, that one
    the name, and a row of an earlier one of `source_names` all of a later one. Reads the CTE agent_names. -#}
{% macro zendesk_known_people(source_names=['zendesk']) %}
    with

    candidates as (
        {%- for source_name in source_names %}
        select agent as user_id, agent_email, valid_from_at, valid_until_at, {{ 3 * loop.index0 + 1 }} as preference
        from ({{ known_agents(source_name) }}) as by_id
        union all
        select
            agent_names.user_id, known.agent_email, known.valid_from_at, known.valid_until_at,
            case when lower(known.agent) = agent_names.agent_email then {{ 3 * loop.index0 + 2 }} else {{ 3 * loop.index }} end
        from ({{ known_agents(source_name) }}) as known
        inner join agent_names
            on lower(known.agent) = agent_names.agent_email or known.agent = agent_names.agent_name
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ),

    sections as (
        select
            user_id,
            edge_at as valid_from_at,
            lead(edge_at) over (partition by user_id order by edge_at) as valid_until_at
        from (
            select user_id, valid_from_at as edge_at from candidates
            union
            select user_id, valid_until_at from candidates
        ) as edges
    )

    select sections.user_id, candidates.agent_email, sections.valid_from_at, sections.valid_until_at
    from sections
    inner join candidates
        on sections.user_id = candidates.user_id
        and sections.valid_from_at >= candidates.valid_from_at
        and sections.valid_until_at <= candidates.valid_until_at
    qualify row_number() over (
        partition by sections.user_id, sections.valid_from_at order by candidates.preference, candidates.agent_email
    ) = 1
{% endmacro %}

{#- One row per user: the newest address and number (keyed hashes) in the versions seen at as_of. -#}
{% macro zendesk_requesters() %}
    select
        user_id,
        max_by(email_key, updated_at) filter (where email_key is not null) as email_key,
        max_by(phone_key, updated_at) filter (where phone_key is not null) as phone_key
    from ({{ zendesk_seen('zendesk__users', 'user_id', 'updated_at') }}) as users
    group by user_id
{% endmacro %}

{#- The versions of a stream's rows seen at as_of: those written by then, else the oldest one (ruling 1). -#}
{% macro zendesk_seen(table, key, version) %}
    select rows_.*
    from {{ source('raw', table) }} as rows_
    cross join {{ source('control', 'run_settings') }} as settings
    qualify
        rows_.{{ version }} <= settings.as_of
        or row_number() over (
            partition by rows_.{{ key }} order by rows_.{{ version }}, rows_._load_no desc, rows_._row_no desc
        ) = 1
{% endmacro %}

{#- One row per id of a snapshot stream: its name at as_of. -#}
{% macro zendesk_names(table, key) %}
    select
        {{ key }},
        max_by(name, (coalesce(updated_at, timestamp '0001-01-01'), _load_no, _row_no)) filter (where name is not null) as name
    from ({{ zendesk_seen(table, key, 'updated_at') }}) as seen
    group by {{ key }}
{% endmacro %}
