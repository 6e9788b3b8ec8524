{#
    A KPI is declared once, at the head of its mart. These macros read the declarations.

    kpi_id, name, definition, unit, higher_is_better, requirements   what dim_kpi publishes
    facts          the model that holds one row per fact              period   its date column: the day a fact counts on
    where          which facts are asked (default: all)
    numerator      condition counted   | numerator_sum    expression added up
    denominator    condition counted   | denominator_sum  expression added up; neither for counts
    statistics     of mean, median, p90: one KPI each, <kpi_id>_<statistic>, of `measure` where it is not null
    sample         expression added up for sample_size (default: the facts of the denominator, else of `where`)
    sample_distinct  column: the sample is its distinct values per day, added up over days (agent-days)
    dimensions     names; `columns` maps a name to another column of the facts
    without_all    true: no row over all;  skip_none: dimensions whose missing values make no row
    share_of_all   dimensions whose cells are divided by the facts of the whole period, those of the row over all
    grains         default [day, week, month]; [day] for rolling KPIs;  at_end: true = a week is its last day
    minimum        cells of fewer facts (sample_size) have no row, judged after adding up to the grain; not for medians, p90
    scale          factor of the value: 100 for NPS
    sliced         true: the facts are slices already, with columns dimension and dimension_value (distinct counts)
    one_currency   column: a cell whose facts do not share one value of it has no row, judged after adding up to the grain
    formula        what dim_kpi shows instead, for a KPI that is not in the time series
    guardrails     KPIs that must not get worse while this one improves
    settles        when a period stands, unless rows about it come late: hours after its end (default 4, when its last calls are seen);
                   due = the longest response target; open = never, what becomes of its facts later counts (solved, reopened, cancelled)
#}

{# One entry per kpi_id: those with `statistics` spelt out. #}
{% macro expand_kpis(kpis) %}
    {%- set expanded = [] -%}
    {%- for kpi in kpis -%}
        {%- for statistic in kpi.get('statistics', [none]) -%}
            {%- set entry = dict(kpi) -%}
            {%- if statistic is not none -%}
                {%- set names = {'mean': 'mean', 'median': 'median', 'p90': '90th percentile'} -%}
                {%- do entry.update({'kpi_id': kpi.kpi_id ~ '_' ~ statistic, 'name': kpi.name ~ ' (' ~ names[statistic] ~ ')'}) -%}
                {%- if statistic == 'mean' -%}
                    {%- do entry.update({'numerator_sum': kpi.measure, 'denominator': kpi.measure ~ ' is not null'}) -%}
                {%- else -%}
                    {%- do entry.update({'quantile': {'median': 0.5, 'p90': 0.9}[statistic]}) -%}
                {%- endif -%}
            {%- endif -%}
            {%- do expanded.append(entry) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(expanded) }}
{% endmacro %}

{# The declarations of every mart. Known once the project is parsed, not in unit tests. #}
{% macro all_kpis() %}
    {%- set found = [] -%}
    {%- for node in graph.get('nodes', {}).values() | sort(attribute='name') if node.resource_type == 'model' -%}
        {%- for kpi in expand_kpis(node.config.meta.get('kpis', [])) -%}
            {%- do found.append(dict(kpi, mart=node.name)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{# Groups declarations that one pass over the facts can answer: a list of lists. #}
{% macro kpi_groups(kpis, keys) %}
    {%- set groups = {} -%}
    {%- for kpi in kpis -%}
        {%- set name = [] -%}
        {%- for key in keys -%}{%- do name.append(kpi.get(key, '') | string) -%}{%- endfor -%}
        {%- do groups.setdefault(name | join('|'), []).append(kpi) -%}
    {%- endfor -%}
    {{ return(groups.values() | list) }}
{% endmacro %}

{# The column that holds a dimension: {'hour': 'queued_hour'} in `columns`, else the name itself. #}
{% macro kpi_dimensions(kpis) %}
    {%- set columns = {} -%}
    {%- for kpi in kpis -%}
        {%- for dimension in kpi.dimensions -%}
            {%- do columns.update({dimension: kpi.get('columns', {}).get(dimension, dimension)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{# '<kpi_id> <dimension>' of every share_of_all. #}
{% macro kpi_shares(kpis) %}
    {%- set found = [] -%}
    {%- for kpi in kpis -%}
        {%- for dimension in kpi.get('share_of_all', []) -%}{%- do found.append(kpi.kpi_id ~ ' ' ~ dimension) -%}{%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{# A missing value is `(none)`, a missing issue type `unknown`; in a skipped dimension it is marked and makes no row. #}
{% macro dimension_value(dimension, column, skipped=[]) -%}
    {%- set missing = '(no row)' if dimension in skipped else 'unknown' if dimension == 'issue_type' else '(none)' -%}
    coalesce({{ column }}, '{{ missing }}')
{%- endmacro %}
