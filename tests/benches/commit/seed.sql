-- What the commit bench moves: 65 accounts, the last one hot; in each a mover, a watcher, an
-- endpoint that asks for everything, and for each of eight clients a board with a card of its own.
create function id(n bigint) returns uuid language sql immutable as
$$ select lpad(to_hex(n), 32, '0')::uuid $$;

insert into accounts (id, slug, name, created_at) select id(a), 'account-' || a, 'Account', now() from generate_series(1, 65) a;
insert into account_heads select id(a), 0 from generate_series(1, 65) a;
insert into identities (id, email, created_at)
select id(a * 2 + m), m || '@account-' || a || '.example', now()
from generate_series(1, 65) a, generate_series(1, 2) m;
insert into users (account_id, id, identity_id, name, role, color, created_at)
select id(a), id(m), id(a * 2 + m), 'Olive Marsh', 'owner', 'slate', now()
from generate_series(1, 65) a, generate_series(1, 2) m;
insert into boards (account_id, id, name, color, creator_id, created_at)
select id(a), id(b), 'Board', 'slate', id(1), now() from generate_series(1, 65) a, generate_series(1, 8) b;
insert into columns (account_id, id, board_id, name, color, rank, created_at)
select id(a), id(c), id((c + 1) / 2), 'Column ' || c, 'slate', 'm', now()
from generate_series(1, 65) a, generate_series(1, 16) c;
-- the cards that move, and ten in each column that stay
insert into cards (account_id, id, number, board_id, column_id, rank, title, creator_id, created_at, updated_at)
select id(a), id(k), k, id(k), id(k * 2 - 1), 'z', 'Write the letter', id(1), now(), now()
from generate_series(1, 65) a, generate_series(1, 8) k
union all
select id(a), id(c * 100 + k), c * 100 + k, id((c + 1) / 2), id(c), chr(96 + k), 'Stay', id(1), now(), now()
from generate_series(1, 65) a, generate_series(1, 16) c, generate_series(2, 11) k;
insert into watches select id(a), id(k), id(2), now() from generate_series(1, 65) a, generate_series(1, 8) k;
insert into webhook_endpoints (account_id, id, url, sealed_secret, creator_id, created_at)
select id(a), id(1), 'https://hooks.example/', '\x00', id(1), now() from generate_series(1, 65) a;
insert into webhook_endpoint_events select id(a), id(1), '*' from generate_series(1, 65) a;
insert into webhook_counters select id(a), id(1), 0 from generate_series(1, 65) a;
analyze;
