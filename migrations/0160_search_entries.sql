-- tenant; the words of each card and each comment, as values::words takes them apart, so that they
-- are found. What moves with a card does not stand here. Each word has its account's mark in front,
-- because this sort of index takes no account_id without an extension.
create table search_entries (
    account_id   uuid not null,
    id           uuid not null,
    card_id      uuid not null,
    comment_id   uuid,
    title_words  tsvector not null,
    words        tsvector not null,
    primary key (account_id, id),
    foreign key (account_id, card_id) references cards (account_id, id) on delete cascade,
    foreign key (account_id, comment_id) references comments (account_id, id) on delete cascade
);
create index search_entries_words on search_entries using gin (words);
create index search_entries_card on search_entries (account_id, card_id);
create index search_entries_comment on search_entries (account_id, comment_id);
