-- The work: boards, their columns, the cards in them, and what is said about the cards.

-- tenant
create table boards (
    account_id   uuid not null references accounts (id),
    id           uuid not null,
    name         text not null,
    description  text not null default '',
    color        text not null,
    creator_id   uuid not null,
    created_at   timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, creator_id) references users (account_id, id)
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

-- tenant
create table comments (
    account_id  uuid not null,
    id          uuid not null,
    card_id     uuid not null,
    author_id   uuid not null,
    body        text not null,
    created_at  timestamptz not null,
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
