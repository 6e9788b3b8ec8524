{%- if not execute -%}
select 1 as kpi_id
{%- else -%}
{%- for kpi in all_kpis() | sort(attribute='kpi_id') %}
select
    cast({{ literal(kpi.kpi_id) }} as varchar) as kpi_id,
    cast({{ literal(kpi.name) }} as varchar) as name,
    cast({{ literal(kpi.definition) }} as varchar) as description,
    cast({{ literal(kpi.unit) }} as varchar) as unit,
    cast({{ 'null' if kpi.higher_is_better is none else kpi.higher_is_better }} as boolean) as higher_is_better,
    cast({{ literal(kpi.requirements | join(' ')) }} as varchar) as requirements,
    cast({{ literal(kpi_formula(kpi)) }} as varchar) as formula,
    cast({{ literal(kpi.dimensions | join(' ')) }} as varchar) as dimensions,
    cast({{ kpi.get('at_end', false) or kpi.get('grains') == ['day'] }} as boolean) as is_last_day_only,
    cast({{ literal(kpi.get('guardrails', []) | join(' ')) }} as varchar) as guardrails,
    cast({{ literal(kpi.get('share_of_all', []) | join(' ')) }} as varchar) as shares_of_all,
    cast({{ kpi.get('one_currency') is not none }} as boolean) as is_one_currency,
    cast({{ kpi.get('scale', 1) }} as bigint) as scale,
    cast({{ literal(kpi.mart) }} as varchar) as mart
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- endif %}
