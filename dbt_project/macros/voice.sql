{# Rules that surveys, evaluations and employee surveys share. #}

{#
    Favourable answer, on any scale: (score - min) / (max - min) >= 0.75, multiplied out, so that 4 of 1 to 5 is met exactly.
    On the scale -103 to 103, whose 100 means neutral, only more than 100. Null without a score.
#}
{% macro is_favourable(score, scale_min, scale_max) -%}
    case
        when {{ scale_min }} = -103 and {{ scale_max }} = 103 then {{ score }} > 100
        else 4 * (cast({{ score }} as decimal(28, 6)) - {{ scale_min }}) >= 3 * (cast({{ scale_max }} as decimal(28, 6)) - {{ scale_min }})
    end
{%- endmacro %}

{# Spam, deleted and test tickets count nowhere, nor does what is said of them. What names no ticket counts. #}
{% macro is_about_something_that_counts(contact_id) -%}
    not exists (
        select * from {{ ref('int_tickets') }} as uncounted
        where uncounted.contact_id = {{ contact_id }}
            and (uncounted.status in ('spam', 'deleted') or uncounted.is_test)
    )
{%- endmacro %}

{#
    A source may name a contact by its full contact_id, or by its own bare id of a ticket, else of a call. A tool that has no tickets and
    calls of its own names a ticket of the only help desk there is.
#}
{% macro join_named_contact(rows) -%}
    left join {{ ref('int_tickets') }} as named_ticket
        on {{ ticket_contact_id(rows ~ '.source', rows ~ '.contact_id') }} = named_ticket.contact_id
    left join {{ ref('int_calls') }} as named_call
        on {{ rows }}.source || '/calls/' || {{ rows }}.contact_id = named_call.contact_id
    left join {{ ref('int_only_help_desk') }} as only_help_desk on {{ rows }}.source in (
        {%- for vendor, said in vendors().items() if 'tickets' not in said.gives and 'calls' not in said.gives -%}
            '{{ vendor }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
    left join {{ ref('int_tickets') }} as desk_ticket
        on only_help_desk.source = desk_ticket.source
        and {{ rows }}.contact_id = desk_ticket.ticket_id
{%- endmacro %}

{% macro named_contact_id(rows) -%}
    coalesce(named_ticket.contact_id, named_call.contact_id, desk_ticket.contact_id, {{ rows }}.contact_id)
{%- endmacro %}
