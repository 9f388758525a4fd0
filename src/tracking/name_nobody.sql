-- Gives what is still counted for somebody to the nil id.
with person as (
    delete from tracking_people where account_id = $1 and user_id = $2 returning *
), visits as (
    insert into tracking_visits as known (account_id, month, board_id, user_id, days)
    select account_id, date_trunc('month', day)::date, $3, $3, bit_or(1 << (extract(day from day)::int - 1))
    from person where page_views > 0 group by 1, 2
    on conflict (account_id, board_id, month, user_id) do update set days = known.days | excluded.days
)
insert into tracking_people as counted (account_id, day, user_id, page_views, link_clicks, form_submits)
select account_id, day, $3, page_views, link_clicks, form_submits from person
where page_views + link_clicks + form_submits > 0
on conflict (account_id, day, user_id) do update
set page_views = counted.page_views + excluded.page_views,
    link_clicks = counted.link_clicks + excluded.link_clicks,
    form_submits = counted.form_submits + excluded.form_submits
