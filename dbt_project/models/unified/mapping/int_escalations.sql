{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

-- The first row that matches counts whole.
matched as (
    select attributes.contact_id, min(rules.row_no) as row_no
    from {{ ref('int_contact_attributes') }} as attributes
    inner join {{ source('control', 'cfg_escalations') }} as rules
        on attributes.match_field = rules.match_field
        and attributes.match_value = rules.match_value
        and (rules.source is null or rules.source = attributes.source)
    group by attributes.contact_id
),

configured as (
    select matched.contact_id, rules.reason, rules.is_management
    from matched
    inner join {{ source('control', 'cfg_escalations') }} as rules on matched.row_no = rules.row_no
),

explicit as (
    select contact_id, escalation_reason as reason from {{ ref('int_tickets') }} where escalated_at is not null
    union all
    select contact_id, escalation_reason as reason from {{ ref('int_calls') }} where is_escalated
)

select
    coalesce(explicit.contact_id, configured.contact_id) as contact_id,
    coalesce(explicit.reason, configured.reason) as reason,
    coalesce(configured.is_management, false) or coalesce(explicit.reason = 'management', false) as is_management
from explicit
full join configured on explicit.contact_id = configured.contact_id
