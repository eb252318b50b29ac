-- Sets are immutable; another content is another version, and the newest version of a set is the one in use.
create table evaluation_set (
    id             bigint generated always as identity primary key,
    model          text        not null,
    name           text        not null,
    version        integer     not null,
    content_sha256 text        not null,
    samples        integer     not null check (samples > 0),
    declared       timestamptz not null,
    unique (model, name, version)
);

create table evaluation_text (
    set_id       bigint  not null references evaluation_set (id),
    position     integer not null,
    text         text    not null,
    label        text    not null,
    content_hash text    not null,
    primary key (set_id, position)
);

-- A finished training run that is to be judged.
create table evaluation_run (
    run_id    text primary key,
    model     text        not null,
    completed text        not null,
    recorded  timestamptz not null default now()
);

create table report (
    report_id   text primary key,
    model       text        not null,
    run_id      text        not null unique references evaluation_run (run_id),
    round       integer     not null,
    passed      boolean     not null,
    registrable boolean     not null,
    created     timestamptz not null,
    document    jsonb       not null
);
create index report_by_model on report (model, created desc);
