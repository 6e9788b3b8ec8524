{%- set streams = [] -%}
{%- for vendor in vendors().values() -%}{%- do streams.extend(vendor.streams.items()) -%}{%- endfor -%}
with

instants as (
    {%- for stream, said in streams %}
    select
        '{{ stream.split('__')[0] }}' as source,
        '{{ stream.split('__')[1] }}' as stream,
        max({{ said.newest }}) filter (where {{ said.newest }} <= run_settings.as_of) as newest_at,
        count(*) filter (where {{ said.newest }} > run_settings.as_of) as later_rows,
        min({{ said.newest }}) filter (where {{ said.newest }} > run_settings.as_of) as first_later_at
    from {{ source('raw', stream) }}
    cross join {{ source('control', 'run_settings') }} as run_settings
    having count(*) > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select source, stream, newest_at, later_rows, first_later_at from instants
