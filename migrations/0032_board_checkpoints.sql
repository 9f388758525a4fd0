-- tenant; a board as it was after each thousandth event of its own: nothing that the log does not say
create table board_checkpoints (
    account_id  uuid not null,
    board_id    uuid not null,
    sequence    bigint not null,
    format      smallint not null,
    state       text not null,
    created_at  timestamptz not null,
    primary key (account_id, board_id, sequence)
);

-- tenant; up to where an account's log was looked through for boards that want a checkpoint
create table checkpoint_readings (
    account_id  uuid not null primary key,
    sequence    bigint not null,
    format      smallint not null
);
