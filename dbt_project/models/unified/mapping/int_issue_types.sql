with

rules as (
    select * from {{ source('control', 'cfg_issue_types') }}
),

mapped as (
    select
        attributes.contact_id,
        min_by(rules.issue_type, rules.row_no) as issue_type,
        min_by(rules.product, rules.row_no) filter (where rules.product is not null) as product
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
        coalesce(explicit.issue_type, mapped.issue_type, 'unknown') as issue_type,
        explicit.issue_category,
        coalesce(explicit.product, mapped.product) as product,
        coalesce(explicit.issue_type, mapped.issue_type) is not null as is_known
    from explicit
    left join mapped on explicit.contact_id = mapped.contact_id
)

select
    named.contact_id,
    named.issue_type,
    coalesce(named.issue_category, types.issue_category) as issue_category,
    named.product,
    types.fcr_window_days,
    named.is_known
from named
left join types on named.issue_type = types.issue_type
