{{ config(post_hook="{{ tables_of_the_wide_world(['responses']) }}") }}

{% if not is_news() %}{{ none_touched(['source', 'response_id']) }}{% else %}
select source, response_id from {{ ref('int_touched_responses') }}
union
-- Their facts take channel, brand, team, agent and issue type from the contact's.
select source, response_id
from {{ ref('int_survey_responses') }}
where contact_id in (select contact_id from {{ ref('int_widened') }})
{% endif %}
