with known_agents as ({{ known_agents('zendesk_qa') }}),

-- A version without ratings is one all the same: its only row has no category and takes the place of older items.
ratings as (
    select
        reviews.*,
        rating.rating.categoryId as category_id,
        coalesce(rating.rating.categoryName, rating.rating.categoryId, '(none)') as category,
        cast(rating.rating.score as decimal(18, 6)) as score,
        cast(rating.rating.weight as decimal(18, 6)) as weight
    from {{ source('raw', 'zendesk_qa__reviews') }} as reviews
    left join lateral (
        select unnest(from_json(
            reviews.ratings,
            '[{"categoryId": "VARCHAR", "categoryName": "VARCHAR", "score": "VARCHAR", "weight": "VARCHAR"}]'
        )) as rating
    ) as rating on true
)

select
    'zendesk_qa' as source,
    ratings.review_id as evaluation_id,
    epoch_us(ratings.updated_at) // 1000 as version,
    ratings.created_at as evaluated_at,
    ratings.checklist,
    -- Two categories of one review may share a name.
    case
        when count(*) over (partition by ratings.review_id, ratings._load_no, ratings._row_no, ratings.category) > 1
            then ratings.category || ' (' || ratings.category_id || ')'
        else ratings.category
    end as item,
    coalesce(ratings.weight, 0) as weight,
    cast(ratings.score / 100 as decimal(18, 6)) as share,
    coalesce(known.agent_email, ratings.agent_email) as agent,
    ratings.team,
    case
        when coalesce(upper(ratings.source_type), 'ZENDESK') = 'ZENDESK' then 'zendesk/tickets/' || ratings.external_id
    end as contact_id,
    false as is_calibration,
    ratings.updated_at as version_at,
    ratings._load_no as load_no,
    ratings._row_no as row_no
from ratings
left join known_agents as known
    on ratings.agent_email = lower(known.agent)
    and ratings.created_at >= known.valid_from_at
    and ratings.created_at < known.valid_until_at
