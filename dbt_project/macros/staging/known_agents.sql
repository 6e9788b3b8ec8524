{#- Who is who across sources, for staging models only: agents.csv as half-open UTC intervals.
    One row per agent of `source_name` and period: agent (the vendor's name or id), agent_email,
    valid_from_at, valid_until_at. The dates of the file are whole days in the reporting time zone. -#}
{% macro known_agents(source_name) %}
    select
        cfg.agent,
        lower(trim(cfg.agent_email)) as agent_email,
        coalesce(
            {{ local_midnight('cfg.valid_from', 'settings.time_zone') }},
            timestamp '0001-01-01 00:00:00'
        ) as valid_from_at,
        coalesce(
            {{ local_midnight('cfg.valid_to + interval 1 day', 'settings.time_zone') }},
            timestamp '9999-12-31 00:00:00'
        ) as valid_until_at
    from {{ source('control', 'cfg_agents') }} as cfg
    cross join {{ source('control', 'run_settings') }} as settings
    where cfg.source = '{{ source_name }}' and cfg.agent_email is not null
{% endmacro %}
