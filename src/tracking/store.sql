-- Stores reports, counts those that are new, and notes who has seen what; gives the places of those that are not seen.
-- What is written is sorted, so that two processes never wait for each other, by what differs most: an account
-- that is compared first is compared in vain.
with report as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::uuid[], $9::text[], $10::timestamptz[]) with ordinality
        as report (account_id, id, user_id, zone, address, event_type, trackable_type, trackable_id, url,
            occurred_at, number)
), placed as (
    -- The board that a report is counted for: who sees it sees what the report is about.
    select report.*, occurred_at at time zone zone as local_time,
        case report.trackable_type when 'Board' then report.trackable_id else card.board_id end as board_id
    from report
    left join comments comment on report.trackable_type = 'Comment'
        and comment.account_id = report.account_id and comment.id = report.trackable_id
    left join cards card on card.account_id = report.account_id and card.id = case report.trackable_type
        when 'Card' then report.trackable_id when 'Comment' then comment.card_id end
), seen as (
    select * from placed where case
        when trackable_type is null then true
        when trackable_type = 'WebhookEndpoint' then
            exists (select from webhook_endpoints endpoint
                    where endpoint.account_id = placed.account_id and endpoint.id = placed.trackable_id)
            and exists (select from users person
                        where person.account_id = placed.account_id and person.id = placed.user_id
                          and person.role in ('owner', 'admin') and person.removed_at is null)
        else exists (select from board_viewers viewer
                     where viewer.account_id = placed.account_id and viewer.board_id = placed.board_id
                       and viewer.user_id = placed.user_id)
    end
), stored as (
    insert into tracking_events (account_id, id, user_id, event_type, trackable_type, trackable_id, board_id,
        url, address, occurred_at, day, hour, created_at)
    select account_id, id, user_id, event_type, trackable_type, trackable_id, board_id, url, address,
        occurred_at, local_time::date, extract(hour from local_time), $11
    from seen order by number
    on conflict do nothing
    returning account_id, user_id, trackable_type, trackable_id, board_id, occurred_at, day, hour,
        (event_type = 'page_view')::int as page_view, (event_type = 'link_click')::int as link_click,
        (event_type = 'form_submit')::int as form_submit
), hours as (
    insert into tracking_hours as counted (account_id, day, hour, page_views, link_clicks, form_submits)
    select account_id, day, hour, sum(page_view), sum(link_click), sum(form_submit)
    from stored group by 1, 2, 3 order by 1, 2, 3
    on conflict (account_id, day, hour) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits
), people as (
    insert into tracking_people as counted (account_id, day, user_id, page_views, link_clicks, form_submits)
    select account_id, day, user_id, sum(page_view), sum(link_click), sum(form_submit)
    from stored group by 1, 2, 3 order by 3, 2, 1
    on conflict (account_id, day, user_id) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits
), came as (
    -- Who came on which days. Mostly that is known already, and a row that is locked in vain is written too.
    select account_id, date_trunc('month', day)::date as month, scope.board_id, user_id,
        bit_or(1 << (extract(day from day)::int - 1)) as days
    from stored cross join lateral (
        values ('00000000-0000-0000-0000-000000000000'::uuid), (stored.board_id)) scope (board_id)
    where page_view = 1 and scope.board_id is not null
    group by 1, 2, 3, 4
), visits as (
    insert into tracking_visits as known (account_id, month, board_id, user_id, days)
    select * from came where not exists (
        select from tracking_visits known
        where known.account_id = came.account_id and known.board_id = came.board_id
          and known.month = came.month and known.user_id = came.user_id
          and known.days & came.days = came.days)
    order by 4, 3, 2, 1
    on conflict (account_id, board_id, month, user_id) do update
    set days = known.days | excluded.days where known.days <> known.days | excluded.days
), boards as (
    insert into tracking_boards as counted
        (account_id, day, board_id, page_views, link_clicks, form_submits)
    select account_id, day, board_id, sum(page_view), sum(link_click), sum(form_submit)
    from stored where board_id is not null group by 1, 2, 3 order by 3, 2, 1
    on conflict (account_id, day, board_id) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits
), things as (
    insert into tracking_things as counted
        (account_id, trackable_type, trackable_id, day, page_views, link_clicks, form_submits)
    select account_id, trackable_type, trackable_id, day, sum(page_view), sum(link_click), sum(form_submit)
    from stored where trackable_id is not null group by 1, 2, 3, 4 order by 3, 4, 2, 1
    on conflict (account_id, trackable_type, trackable_id, day) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits
), months as (
    insert into tracking_months as counted
        (account_id, month, trackable_type, trackable_id, page_views, link_clicks, form_submits, days)
    select account_id, date_trunc('month', day)::date, trackable_type, trackable_id, sum(page_view),
        sum(link_click), sum(form_submit), bit_or(page_view << (extract(day from day)::int - 1))
    from stored where trackable_id is not null group by 1, 2, 3, 4 order by 4, 2, 3, 1
    on conflict (account_id, month, trackable_type, trackable_id) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits,
        days = counted.days | excluded.days
), newest as materialized (
    -- What was opened just now was opened with all that is in the log: for most it is looked up once.
    select account_id, head.created_at, coalesce(head.sequence, 0) as sequence
    from (select distinct account_id from stored) account left join lateral (
        select activity.created_at, activity.sequence from activities activity
        where activity.account_id = account.account_id
        order by activity.created_at desc, activity.sequence desc limit 1) head on true
), viewed as materialized (
    -- How far the log went when the page was made. Pages are live: what came just after is on them too.
    select stored.*, case
        when newest.created_at is null or newest.created_at <= stored.occurred_at + interval '2 seconds'
        then newest.sequence
        else coalesce((
            select activity.sequence from activities activity
            where activity.account_id = stored.account_id
              and activity.created_at <= stored.occurred_at + interval '2 seconds'
            order by activity.created_at desc, activity.sequence desc limit 1), 0) end as sequence
    from stored join newest using (account_id)
    where page_view = 1 and trackable_type in ('Board', 'Card')
), noted as (
    insert into receipts as known (account_id, trackable_type, trackable_id, user_id, first_seen_at,
        first_sequence, last_seen_at, sequence, page_views)
    select account_id, trackable_type, trackable_id, user_id, min(occurred_at), min(sequence),
        max(occurred_at), max(sequence), count(*)
    from viewed group by 1, 2, 3, 4 order by 3, 4, 2, 1
    on conflict (account_id, trackable_type, trackable_id, user_id) do update
    set first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
        first_sequence = least(known.first_sequence, excluded.first_sequence),
        last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
        sequence = greatest(known.sequence, excluded.sequence),
        page_views = known.page_views + excluded.page_views
)
select number as "number!" from report
where not exists (select from seen where seen.number = report.number)
