{{ config(post_hook="{{ rows_of_the_world('response') }}") }}

{% if not is_news() %}{{ none_touched(['source', 'response_id']) }}{% else %}
-- Rows that the tables have not seen, rows with an instant that as_of has reached since, and what names something that is
-- called, or found, in another way than it was.
with

contacts as (
    select unnest([contact_id, ticket_id, call_id]) as contact_id from {{ ref('int_touched') }}
),

renamed as (
    {%- for vendor, said in vendors().items() if 'directory' in said.gives %}
    select '{{ vendor }}' as source where exists (select * from {{ changed('stg_' ~ vendor ~ '__directory') }})
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

touched as (
    select source, response_id from ({{ fresh_ids('response') }}) as fresh
    union all
    select source, response_id
    from {{ ref('int_survey_response_versions') }}
    where greatest(offered_at, answered_at, version_at) > {{ seen_as_of() }}
        or contact_id in (select contact_id from contacts where contact_id is not null)
        or source in (select source from renamed)
        or exists (select * from {{ changed('int_only_help_desk') }})
)

select distinct source, response_id from touched where response_id is not null
{% endif %}
