{# What has become of a turn by as_of, measured against one due instant. Null without a due instant. #}
{% macro response_outcome(requested_at, replied_at, solved_at, due_at, as_of) -%}
    case
        when {{ due_at }} is null then null
        when {{ replied_at }} <= {{ due_at }} then 'answered_on_time'
        when {{ replied_at }} is not null then 'answered_late'
        when {{ solved_at }} between {{ requested_at }} and {{ due_at }} then 'no_reply_needed'
        when {{ due_at }} < {{ as_of }} then 'overdue'
        else 'pending'
    end
{%- endmacro %}
