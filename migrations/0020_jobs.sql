-- Jobs: the side of sqlxmq that lives in the database, written to what its runner calls.

-- What the crate's builder sends, in the order in which it binds it.
create type mq_new_t as (
    id               uuid,
    delay            interval,
    retries          integer,
    retry_backoff    interval,
    channel_name     text,
    channel_args     text,
    commit_interval  interval,
    ordered          boolean,
    name             text,
    payload_json     text,
    payload_bytes    bytea
);

-- local; a job until it is done. attempt_at is when it may be taken (again): taking a job moves it
-- one back-off ahead, which is its lease. A job whose runs are used up stays to be looked at.
create table mq_msgs (
    id             uuid primary key,
    attempt_at     timestamptz not null,
    runs_left      integer not null,
    retry_backoff  interval not null,
    channel_name   text not null,
    channel_args   text not null,
    name           text not null,
    payload_json   text,
    payload_bytes  bytea,
    created_at     timestamptz not null default now()
) with (fillfactor = 80);
create index mq_msgs_due on mq_msgs (attempt_at) where runs_left > 0;

-- Never notifies: that would cost every writer its group commit. A job that is there stays as it is.
create function mq_insert(new_messages mq_new_t[]) returns void language plpgsql as $$
begin
    if exists (select from unnest(new_messages) as job
               where job.ordered or job.commit_interval is not null) then
        raise exception 'ordered and two-phase jobs are not offered';
    end if;
    insert into mq_msgs (id, attempt_at, runs_left, retry_backoff, channel_name, channel_args, name,
        payload_json, payload_bytes)
    select job.id, clock_timestamp() + coalesce(job.delay, interval '0'),
        coalesce(job.retries, 0) + 1, coalesce(job.retry_backoff, interval '30 s'),
        coalesce(job.channel_name, ''), coalesce(job.channel_args, ''), job.name,
        job.payload_json, job.payload_bytes
    from unnest(new_messages) as job
    on conflict (id) do nothing;
end
$$;

-- Takes the jobs that are due, the longest waiting first. There is always one more row, without a
-- job, whose wait_time is at most a second: the runner asks again then, whether notified or not.
create function mq_poll(channel_names text[], batch_size integer default 1)
returns table (id uuid, is_committed boolean, name text, payload_json text, payload_bytes bytea,
    retry_backoff interval, wait_time interval)
language sql volatile as $$
    with due as (
        select job.id from mq_msgs job
        where job.attempt_at <= now() and job.runs_left > 0
          and (channel_names is null or job.channel_name = any (channel_names))
        order by job.attempt_at
        limit batch_size
        for update skip locked
    ), taken as (
        update mq_msgs job
        set attempt_at = clock_timestamp() + job.retry_backoff, runs_left = job.runs_left - 1
        from due where job.id = due.id
        returning job.id, job.name, job.payload_json, job.payload_bytes, job.retry_backoff
    )
    select taken.id, true, taken.name, taken.payload_json, taken.payload_bytes,
        taken.retry_backoff, interval '1 s'
    from taken
    union all
    select null, null, null, null, null, null,
        least(interval '1 s', greatest(interval '10 ms', (
            select min(job.attempt_at) - now() from mq_msgs job
            where job.runs_left > 0
              and (channel_names is null or job.channel_name = any (channel_names)))))
$$;

create function mq_delete(msg_ids uuid[]) returns void language sql as $$
    delete from mq_msgs where id = any (msg_ids)
$$;

-- Stretches the lease of jobs that still run.
create function mq_keep_alive(msg_ids uuid[], duration interval) returns void language sql as $$
    update mq_msgs set attempt_at = greatest(attempt_at, clock_timestamp() + duration)
    where id = any (msg_ids)
$$;

-- What a job has reached, for the run after this one.
create function mq_checkpoint(msg_id uuid, duration interval, new_payload_json text,
    new_payload_bytes bytea, extra_retries integer) returns void language sql as $$
    update mq_msgs
    set attempt_at = greatest(attempt_at, clock_timestamp() + duration),
        payload_json = coalesce(new_payload_json, payload_json),
        payload_bytes = coalesce(new_payload_bytes, payload_bytes),
        runs_left = runs_left + coalesce(extra_retries, 0)
    where id = msg_id
$$;
