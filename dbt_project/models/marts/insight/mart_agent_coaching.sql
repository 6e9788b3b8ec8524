with

monthly as (
    select *
    from {{ ref('mart_kpi_timeseries') }}
    where grain = 'month'
        and dimension in ('agent', 'team')
        and dimension_value <> '(none)'
        and kpi_id <> 'esat'
),

-- An agent's team of a month: that of most of their days; where no day knows any, where most of their contacts were.
teams as (
    select month_start, agent, team
    from (
        select cast(date_trunc('month', day) as date) as month_start, agent, team, preference, count(*) as times
        from (
            select local_day as day, agent, team, 1 as preference from {{ ref('int_agent_days') }}
            union all
            select arrived_on, agent, team, 2 from {{ ref('fct_contact') }}
        ) as known
        where agent is not null
            and team is not null
        group by month_start, agent, team, preference
    ) as counted
    qualify row_number() over (partition by month_start, agent order by preference, times desc, team) = 1
),

compared as (
    select
        agents.period_start as month_start,
        agents.dimension_value as agent,
        teams.team,
        agents.kpi_id,
        kpis.unit,
        kpis.higher_is_better,
        agents.value,
        agents.sample_size,
        team_rows.value as team_value,
        team_rows.sample_size as team_sample_size,
        (agents.value - team_rows.value) / nullif(abs(team_rows.value), 0)
            * case when kpis.higher_is_better then 1 else -1 end as advantage
    from monthly as agents
    inner join {{ ref('dim_kpi') }} as kpis on agents.kpi_id = kpis.kpi_id
    inner join teams
        on agents.period_start = teams.month_start
        and agents.dimension_value = teams.agent
    inner join monthly as team_rows
        on agents.kpi_id = team_rows.kpi_id
        and agents.period_start = team_rows.period_start
        and team_rows.dimension = 'team'
        and teams.team = team_rows.dimension_value
    where agents.dimension = 'agent'
        and agents.sample_size >= 20
        and kpis.higher_is_better is not null
)

select
    month_start,
    agent,
    team,
    kpi_id,
    unit,
    value,
    sample_size,
    team_value,
    team_sample_size,
    value - team_value as difference,
    advantage,
    coalesce(advantage > 0 and row_number() over (
        partition by month_start, agent order by advantage desc nulls last, kpi_id
    ) = 1, false) as is_best,
    coalesce(advantage < 0 and row_number() over (
        partition by month_start, agent order by advantage asc nulls last, kpi_id
    ) = 1, false) as is_weakest
from compared
