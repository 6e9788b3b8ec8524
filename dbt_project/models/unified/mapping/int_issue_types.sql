{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

with

rules as (
    select * from {{ source('control', 'cfg_issue_types') }}
),

-- The first row that matches counts whole, its blank cells too.
matched as (
    select attributes.contact_id, min(rules.row_no) as row_no
    from {{ ref('int_contact_attributes') }} as attributes
    inner join rules
        on attributes.match_field = rules.match_field
        and attributes.match_value = rules.match_value
        and (rules.source is null or rules.source = attributes.source)
    group by attributes.contact_id
),

explicit as (
    select contact_id, issue_type, issue_category, product from {{ ref('int_tickets') }}
    union all
    select contact_id, issue_type, issue_category, cast(null as varchar) as product from {{ ref('int_calls') }}
),

-- What the configuration says of a type, whatever named it.
types as (
    select
        issue_type,
        min_by(issue_category, row_no) filter (where issue_category is not null) as issue_category,
        min_by(fcr_window_days, row_no) filter (where fcr_window_days is not null) as fcr_window_days
    from rules
    group by issue_type
),

named as (
    select
        explicit.contact_id,
        coalesce(explicit.issue_type, mapped.issue_type) as issue_type,
        coalesce(
            explicit.issue_category,
            case
                when coalesce(explicit.issue_type, mapped.issue_type) is not distinct from mapped.issue_type
                    then mapped.issue_category
            end
        ) as issue_category,
        coalesce(explicit.product, mapped.product) as product
    from explicit
    left join matched on explicit.contact_id = matched.contact_id
    left join rules as mapped on matched.row_no = mapped.row_no
)

select
    named.contact_id,
    coalesce(named.issue_type, 'unknown') as issue_type,
    coalesce(named.issue_category, types.issue_category) as issue_category,
    named.product,
    types.fcr_window_days,
    named.issue_type is not null as is_known
from named
left join types on named.issue_type = types.issue_type
