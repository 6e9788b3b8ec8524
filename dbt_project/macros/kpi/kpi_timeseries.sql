{#
    All rows of one mart: its declared KPIs (macros/kpi/declarations.sql), by day, week and month, over all and by each of their dimensions.
    `facts` maps the names the declarations use to relations: {'fct_call': ref('fct_call')}.
#}
{% macro kpi_timeseries(declared, facts) %}
    {%- set kpis = expand_kpis(declared) -%}
    {%- set sums = kpi_groups(kpis | rejectattr('quantile', 'defined'), ['facts', 'period', 'at_end']) -%}
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
    {{ kpi_daily_rows(kpi, cells, loop.index) }}
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
)

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
from added
{%- for group in quantiles %}
union all
{{ kpi_quantile_rows(group, facts[group[0].facts]) }}
{%- endfor %}
{% endmacro %}
