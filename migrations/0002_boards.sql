-- The work: boards, their columns, the cards in them, and what is said about the cards.

-- tenant; everyone in the account sees a board, or those do who were chosen
create table boards (
    account_id   uuid not null references accounts (id),
    id           uuid not null,
    name         text not null,
    description  text not null default '',
    color        text not null,
    access       text not null default 'everyone' check (access in ('everyone', 'chosen')),
    creator_id   uuid not null,
    created_at   timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, creator_id) references users (account_id, id)
);

-- tenant; who was chosen to see a board
create table board_accesses (
    account_id  uuid not null,
    board_id    uuid not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, board_id, user_id),
    foreign key (account_id, board_id) references boards (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
create index board_accesses_user on board_accesses (account_id, user_id);

-- Who sees which board: the one place that says so, for pages, feeds, sockets, webhooks and the API.
create view board_viewers as
select b.account_id, b.id as board_id, u.id as user_id
from boards b
join users u on u.account_id = b.account_id and u.removed_at is null
where b.access = 'everyone'
   or exists (select from board_accesses a
              where a.account_id = b.account_id and a.board_id = b.id and a.user_id = u.id);

-- tenant; a board that is kept as it is, until the row is gone
create table board_archivals (
    account_id   uuid not null,
    board_id     uuid not null,
    archiver_id  uuid not null,
    created_at   timestamptz not null,
    primary key (account_id, board_id),
    foreign key (account_id, board_id) references boards (account_id, id),
    foreign key (account_id, archiver_id) references users (account_id, id)
);

-- tenant
create table columns (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    name        text not null,
    color       text not null,
    rank        text collate "C" not null,
    created_at  timestamptz not null,
    primary key (account_id, id),
    unique (account_id, board_id, id),
    foreign key (account_id, board_id) references boards (account_id, id)
);
create index columns_board on columns (account_id, board_id, rank);

-- tenant; the last number given to a card, a row that only the adding of a card locks
create table card_numbers (
    account_id   uuid primary key references accounts (id),
    last_number  bigint not null
) with (fillfactor = 20);

-- tenant; version counts the edits of title and description, so that two edits at once are told apart
create table cards (
    account_id   uuid not null,
    id           uuid not null,
    number       bigint not null,
    board_id     uuid not null,
    column_id    uuid not null,
    rank         text collate "C" not null,
    title        text not null,
    description  text not null default '',
    version      bigint not null default 1,
    creator_id   uuid not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    primary key (account_id, id),
    unique (account_id, number),
    foreign key (account_id, board_id, column_id) references columns (account_id, board_id, id),
    foreign key (account_id, creator_id) references users (account_id, id)
);
create index cards_column on cards (account_id, column_id, rank, id);
create index cards_board on cards (account_id, board_id);

-- tenant; a card that is done with, until the row is gone
create table closures (
    account_id  uuid not null,
    card_id     uuid not null,
    closer_id   uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, card_id),
    foreign key (account_id, card_id) references cards (account_id, id),
    foreign key (account_id, closer_id) references users (account_id, id)
);

-- tenant; whose work a card is
create table assignments (
    account_id   uuid not null,
    card_id      uuid not null,
    user_id      uuid not null,
    assigner_id  uuid not null,
    created_at   timestamptz not null,
    primary key (account_id, card_id, user_id),
    foreign key (account_id, card_id) references cards (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
create index assignments_user on assignments (account_id, user_id);

-- tenant; what cards are marked with, the same in the whole account; folded is the name in lower
-- case, by which a tag is found however it is typed
create table tags (
    account_id  uuid not null references accounts (id),
    id          uuid not null,
    name        text not null,
    folded      text not null,
    color       text not null,
    created_at  timestamptz not null,
    primary key (account_id, id),
    unique (account_id, folded)
);

-- tenant
create table taggings (
    account_id  uuid not null,
    card_id     uuid not null,
    tag_id      uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, card_id, tag_id),
    foreign key (account_id, card_id) references cards (account_id, id),
    foreign key (account_id, tag_id) references tags (account_id, id)
);
create index taggings_tag on taggings (account_id, tag_id);

-- tenant; version counts the edits of the body
create table comments (
    account_id  uuid not null,
    id          uuid not null,
    card_id     uuid not null,
    author_id   uuid not null,
    body        text not null,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    edited_at   timestamptz,
    primary key (account_id, id),
    foreign key (account_id, card_id) references cards (account_id, id),
    foreign key (account_id, author_id) references users (account_id, id)
);
create index comments_card on comments (account_id, card_id, id);

-- tenant; who follows a card and is told what happens to it
create table watches (
    account_id  uuid not null,
    card_id     uuid not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, card_id, user_id),
    foreign key (account_id, card_id) references cards (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
