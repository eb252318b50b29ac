-- Every scored sample once; what was rejected keeps only what the counts need.
create table sample (
    sample_id     text primary key,
    model         text             not null,
    source        text             not null check (source in ('REAL', 'SYNTHETIC')),
    accepted      boolean          not null,
    generation_id text,
    label         text,
    payload       jsonb,
    content_hash  text             not null,
    weight        double precision not null,
    stored        timestamptz      not null default now(),
    round         integer,
    check (not accepted or payload is not null)
);
comment on column sample.round is 'the round whose snapshot took it into account first';
create index sample_pool on sample (model, round) where accepted;

create table pool (
    model              text primary key,
    real               bigint not null default 0,
    synthetic          bigint not null default 0,
    rejected           bigint not null default 0,
    snapshot_accepted  bigint not null default 0
);
comment on column pool.snapshot_accepted is 'accepted samples, real and synthetic, when the last snapshot was taken';

create table generation_arrival (
    generation_id text primary key,
    accepted      bigint      not null default 0,
    rejected      bigint      not null default 0,
    last_arrival  timestamptz not null default now()
);

create table held_out (
    model          text    not null,
    evaluation_set text    not null,
    part           integer not null,
    content_hash   text    not null,
    primary key (model, content_hash, evaluation_set, part)
);
create index held_out_part on held_out (model, evaluation_set, part);

create table round (
    model              text        not null,
    round              integer     not null,
    state              text        not null check (state in ('GENERATING', 'COLLECTING', 'ASSEMBLING', 'QUEUED',
                                                             'TRAINING', 'EVALUATING', 'FINISHED', 'FAILED')),
    opened             timestamptz not null,
    since              timestamptz not null,
    cause              text        not null check (cause in ('EVERY', 'DRIFT', 'COMMAND')),
    reason             text        not null,
    drift_version      integer,
    spec_version       integer     not null,
    spec               jsonb       not null,
    priority           integer     not null,
    seed               bigint      not null,
    generation_id      text unique,
    samples_per_label  jsonb,
    published          integer,
    generation_outcome text,
    dataset_sha256     text,
    dataset_bytes      bigint,
    dataset_samples    integer,
    run_id             text unique,
    slot               text,
    parent_version     integer,
    report_id          text,
    passed             boolean,
    failure            text,
    primary key (model, round)
);
create unique index round_one_open_a_model on round (model) where state not in ('FINISHED', 'FAILED');
create index round_queue on round (priority desc, since) where state = 'QUEUED';

create table round_trigger (
    trigger_id        text primary key,
    model             text        not null,
    cause             text        not null check (cause in ('DRIFT', 'COMMAND')),
    reason            text        not null,
    drift_version     integer,
    samples_per_label jsonb       not null,
    at                timestamptz not null,
    state             text        not null default 'WAITING' check (state in ('WAITING', 'STARTED', 'OBSOLETE')),
    round             integer
);
create index round_trigger_waiting on round_trigger (model, at) where state = 'WAITING';

create table dataset (
    model        text        not null,
    round        integer     not null,
    sha256       text        not null,
    bytes        bigint      not null,
    spec_version integer     not null,
    train        integer     not null,
    validation   integer     not null,
    real         integer     not null,
    synthetic    integer     not null,
    created      timestamptz not null,
    primary key (model, round)
);

create table slot (
    slot   text primary key,
    run_id text unique,
    since  timestamptz
);
