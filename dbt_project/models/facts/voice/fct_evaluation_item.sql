select
    items.source,
    items.evaluation_id,
    items.version,
    items.evaluated_at,
    items.checklist,
    items.item,
    items.weight,
    items.share,
    cast({{ exact_product('items.weight', 'items.share') }} as decimal(18, 6)) as earned_weight,
    items.share is not null as is_applicable,
    items.is_calibration,
    items.agent,
    items.team,
    coalesce(contacts.contact_id, items.contact_id) as contact_id,
    items.evaluated_on
from {{ ref('int_evaluation_items') }} as items
left join {{ ref('int_named_contacts') }} as contacts on items.contact_id = contacts.named_contact_id
where {{ is_about_something_that_counts('items.contact_id') }}
