{#- What help desks' directories of people, groups and brands have in common, for staging models only: which versions as_of sees, what an
    id is called, and who that is by agents.csv. Every macro is the body of a CTE. -#}

{#- One row per user and period of agents.csv, of one source or several; at any instant a row that names the id beats one for the
    e-mail, that one the name, and a row of an earlier source all of a later one. Reads the CTE agent_names (user_id, agent_email,
    agent_name). -#}
{% macro known_people() %}
    with

    candidates as (
        {%- for source_name in varargs %}
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

{#- The versions of a stream's rows seen at as_of: those written by then, else the oldest one (ruling 1). -#}
{% macro seen_versions(table, key, version) %}
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
{% macro newest_names(table, key) %}
    select
        {{ key }},
        max_by(name, (coalesce(updated_at, timestamp '0001-01-01'), _load_no, _row_no)) filter (where name is not null) as name
    from ({{ seen_versions(table, key, 'updated_at') }}) as seen
    group by {{ key }}
{% endmacro %}
