{#
    All rows of one mart: its declared KPIs (macros/kpi/declarations.sql), by day, week and month, over all and by each of their dimensions.
    `facts` maps the names the declarations use to relations: {'fct_call': ref('fct_call')}.
#}
{% macro kpi_timeseries(declared, facts) %}
    {%- set kpis = expand_kpis(declared) -%}
    {%- set sums = kpi_groups(kpis | rejectattr('quantile', 'defined'), ['facts', 'period', 'at_end', 'skip_none']) -%}
    {%- set shares = kpi_shares(kpis) -%}
    {%- set with_currency = kpis | selectattr('one_currency', 'defined') | list | length > 0 -%}
    {%- set quantiles = kpi_groups(kpis | selectattr('quantile', 'defined'), ['facts', 'period', 'where', 'measure', 'dimensions']) -%}
with

{% for group in sums -%}
cells_{{ loop.index }} as (
    {{ kpi_cells(group, facts[group[0].facts]) }}
),

{% endfor -%}
daily as (
    {%- for group in sums %}{% set cells = 'cells_' ~ loop.index %}
    {%- set last_group = loop.last %}
    {%- for kpi in group %}
    {{ kpi_daily_rows(kpi, cells, loop.index, with_currency) }}
    {%- if not (last_group and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
),

added as (
    select
        daily.kpi_id,
        grains.grain,
        cast(date_trunc(grains.grain, daily.kpi_day) as date) as period_start,
        daily.dimension,
        daily.dimension_value,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator,
        sum(daily.sample_size) as sample_size
    from daily
    inner join (values ('day'), ('week'), ('month')) as grains (grain)
        on list_contains(string_split(daily.grains, ' '), grains.grain)
    group by all
    {%- if with_currency %}
    -- Several currencies are never added up, within a day or from day to day.
    having count(*) = count(daily.currency)
        and min(daily.currency) = max(daily.currency)
        and coalesce(sum(daily.denominator), 1) > 0
    {%- endif %}
)

{%- if shares %},

-- A share of all: what the row over all is divided by, for the whole period and not only the days the cell is on.
divided as (
    select
        added.kpi_id,
        added.grain,
        added.period_start,
        added.dimension,
        added.dimension_value,
        added.numerator,
        coalesce(over_all.denominator, added.denominator) as denominator,
        coalesce(over_all.sample_size, added.sample_size) as sample_size
    from added
    left join added as over_all
        on case when added.kpi_id || ' ' || added.dimension in ('{{ shares | join("', '") }}') then added.kpi_id end = over_all.kpi_id
        and added.grain = over_all.grain
        and added.period_start = over_all.period_start
        and over_all.dimension = 'all'
)
{%- endif %}

select
    kpi_id,
    grain,
    period_start,
    dimension,
    dimension_value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    {{ kpi_value(kpis) }} as value,
    {{ kpi_unit(kpis) }} as unit,
    cast(sample_size as bigint) as sample_size
from {{ 'divided' if shares else 'added' }}
{%- for kpi in kpis if kpi.get('minimum') %}
{{ 'where' if loop.first else 'and' }} not (kpi_id = '{{ kpi.kpi_id }}' and sample_size < {{ kpi.minimum }})
{%- endfor %}
{%- for group in quantiles %}
union all
{{ kpi_quantile_rows(group, facts[group[0].facts]) }}
{%- endfor %}
{% endmacro %}
