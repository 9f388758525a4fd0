-- Gives what is still counted for somebody to the nil id.
with person as (
    delete from tracking_people where account_id = $1 and user_id = $2 returning *
), person_on_boards as (
    delete from tracking_boards where account_id = $1 and user_id = $2 returning *
), boards as (
    insert into tracking_boards as counted (account_id, day, board_id, user_id, page_views, link_clicks, form_submits)
    select account_id, day, board_id, $3, page_views, link_clicks, form_submits from person_on_boards
    where page_views + link_clicks + form_submits > 0
    on conflict (account_id, day, board_id, user_id) do update
    set page_views = counted.page_views + excluded.page_views,
        link_clicks = counted.link_clicks + excluded.link_clicks,
        form_submits = counted.form_submits + excluded.form_submits
)
insert into tracking_people as counted (account_id, day, user_id, page_views, link_clicks, form_submits)
select account_id, day, $3, page_views, link_clicks, form_submits from person
where page_views + link_clicks + form_submits > 0
on conflict (account_id, day, user_id) do update
set page_views = counted.page_views + excluded.page_views,
    link_clicks = counted.link_clicks + excluded.link_clicks,
    form_submits = counted.form_submits + excluded.form_submits
