-- Who is told of what: one notice for a person and a card, or a webhook endpoint, however much happens
-- to it.

-- tenant; no foreign keys, since every event on a card writes one row for each of its watchers.
-- board_id is where what happened last happened, if it was on one; letter_due_at is when a letter about it is due; none when it was read or stands in a letter.
create table notifications (
    account_id     uuid not null,
    user_id        uuid not null,
    subject_type   text not null check (subject_type in ('Card', 'WebhookEndpoint')),
    subject_id     uuid not null,
    event_id       uuid not null,
    board_id       uuid check ((subject_type = 'Card') = (board_id is not null)),
    unread         bigint not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    read_at        timestamptz,
    letter_due_at  timestamptz,
    primary key (account_id, user_id, subject_id)
);
create index notifications_newest on notifications (account_id, user_id, updated_at);
create index notifications_unread on notifications (account_id, user_id) where read_at is null;
create index notifications_letter_due on notifications (account_id, letter_due_at) where letter_due_at is not null;

-- What people are shown of their notices. Of a card: they see the board that it happened on, and the
-- one that the card stands on now, unless it was deleted. Of an endpoint: they look after endpoints.
create view notices as
select n.*, c.title as card_title
from notifications n
left join cards c
  on c.account_id = n.account_id and c.id = n.subject_id and n.subject_type = 'Card'
where case n.subject_type
    when 'Card' then
        exists (select from board_viewers v
                where v.account_id = n.account_id and v.board_id = n.board_id and v.user_id = n.user_id)
        and (c.id is null or c.board_id = n.board_id
             or exists (select from board_viewers v where v.account_id = n.account_id
                        and v.board_id = c.board_id and v.user_id = n.user_id))
    else
        exists (select from users u where u.account_id = n.account_id and u.id = n.user_id
                and u.role in ('owner', 'admin') and u.removed_at is null)
end;
