-- Deletes somebody’s reports and receipts, and takes the reports from what they were counted in.
with gone as (
    delete from tracking_events where account_id = $1 and user_id = $2
    returning day, hour, user_id, trackable_type, trackable_id, board_id,
        (event_type = 'page_view')::int as page_view, (event_type = 'link_click')::int as link_click,
        (event_type = 'form_submit')::int as form_submit
), hours as (
    update tracking_hours counted
    set page_views = counted.page_views - taken.page_views, link_clicks = counted.link_clicks - taken.link_clicks,
        form_submits = counted.form_submits - taken.form_submits
    from (select day, hour, sum(page_view) as page_views, sum(link_click) as link_clicks,
              sum(form_submit) as form_submits from gone group by 1, 2) taken
    where counted.account_id = $1 and counted.day = taken.day and counted.hour = taken.hour
), people as (
    update tracking_people counted
    set page_views = counted.page_views - taken.page_views, link_clicks = counted.link_clicks - taken.link_clicks,
        form_submits = counted.form_submits - taken.form_submits
    from (select day, user_id, sum(page_view) as page_views, sum(link_click) as link_clicks,
              sum(form_submit) as form_submits from gone group by 1, 2) taken
    where counted.account_id = $1 and counted.day = taken.day and counted.user_id = taken.user_id
), boards as (
    update tracking_boards counted
    set page_views = counted.page_views - taken.page_views, link_clicks = counted.link_clicks - taken.link_clicks,
        form_submits = counted.form_submits - taken.form_submits
    from (select day, board_id, sum(page_view) as page_views, sum(link_click) as link_clicks,
              sum(form_submit) as form_submits from gone group by 1, 2) taken
    where counted.account_id = $1 and counted.day = taken.day and counted.board_id = taken.board_id
), things as (
    update tracking_things counted
    set page_views = counted.page_views - taken.page_views, link_clicks = counted.link_clicks - taken.link_clicks,
        form_submits = counted.form_submits - taken.form_submits
    from (select trackable_type, trackable_id, day, sum(page_view) as page_views, sum(link_click) as link_clicks,
              sum(form_submit) as form_submits from gone group by 1, 2, 3) taken
    where counted.account_id = $1 and counted.trackable_type = taken.trackable_type and counted.trackable_id = taken.trackable_id and counted.day = taken.day
), months as (
    update tracking_months counted
    set page_views = counted.page_views - taken.page_views, link_clicks = counted.link_clicks - taken.link_clicks,
        form_submits = counted.form_submits - taken.form_submits
    from (select date_trunc('month', day)::date as month, trackable_type, trackable_id, sum(page_view) as page_views, sum(link_click) as link_clicks,
              sum(form_submit) as form_submits from gone group by 1, 2, 3) taken
    where counted.account_id = $1 and counted.month = taken.month and counted.trackable_type = taken.trackable_type and counted.trackable_id = taken.trackable_id
), visits as (
    delete from tracking_visits where account_id = $1 and user_id = $2
)
delete from receipts where account_id = $1 and user_id = $2
