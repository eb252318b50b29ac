create table model (
    name         text    primary key,
    spec_version integer not null,
    sequence     bigint  not null default 0,
    last_version integer not null default 0
);

create table spec (
    model    text        not null references model,
    version  integer     not null,
    spec     jsonb       not null,
    declared timestamptz not null,
    primary key (model, version)
);

create table version (
    model           text        not null references model,
    version         integer     not null,
    stage           text        not null
        check (stage in ('CANDIDATE', 'REJECTED', 'CANARY', 'LIVE', 'RETIRED', 'ROLLED_BACK')),
    traffic_percent integer     not null default 0 check (traffic_percent between 0 and 100),
    origin          text        not null check (origin in ('TRAINED', 'IMPORTED')),
    base_model      text        not null,
    labels          jsonb       not null,
    adapter_sha256  text        not null,
    adapter_bytes   bigint      not null,
    spec_version    integer     not null,
    dataset_sha256  text,
    dataset_bytes   bigint,
    dataset_samples integer,
    parent_version  integer,
    round           integer,
    run_id          text,
    report_id       text,
    compared_with   integer,
    scores          jsonb       not null,
    reasons         jsonb       not null,
    registered      timestamptz not null,
    live_since      timestamptz,
    primary key (model, version),
    check ((stage in ('CANARY', 'LIVE')) = (traffic_percent > 0))
);
create unique index version_report on version (model, report_id);
create unique index version_one_live on version (model) where stage = 'LIVE';
create unique index version_one_canary on version (model) where stage = 'CANARY';

-- Evaluations that registered nothing, so that a redelivered one is not told twice.
create table refused_report (
    model     text not null references model,
    report_id text not null,
    primary key (model, report_id)
);

create table rollout (
    model          text        not null references model,
    number         integer     not null,
    version        integer     not null,
    stable_version integer     not null,
    state          text        not null
        check (state in ('CANARY', 'PAUSED', 'SUCCEEDED', 'ROLLED_BACK', 'ABORTED')),
    plan           jsonb       not null,
    started        timestamptz not null,
    step           integer     not null,
    step_started   timestamptz not null,
    paused_by      text        check (paused_by in ('INCONCLUSIVE', 'COMMAND')),
    cause          text,
    reason         text        not null,
    ended          timestamptz,
    primary key (model, number),
    foreign key (model, version) references version,
    foreign key (model, stable_version) references version,
    check ((ended is null) = (state in ('CANARY', 'PAUSED'))),
    check ((paused_by is not null) = (state = 'PAUSED')),
    check ((cause is not null) = (state = 'ROLLED_BACK'))
);
create unique index rollout_one_active on rollout (model) where ended is null;

create table evidence (
    model     text    not null,
    number    integer not null,
    step      integer not null,
    arm       text    not null check (arm in ('STABLE', 'CANARY')),
    correct   bigint  not null,
    incorrect bigint  not null,
    requests  bigint  not null,
    unhealthy bigint  not null,
    primary key (model, number, step, arm),
    foreign key (model, number) references rollout
);

create table change (
    model          text        not null references model,
    sequence       bigint      not null,
    at             timestamptz not null,
    kind           text        not null,
    version        integer,
    percent        integer,
    reason         text        not null,
    evidence       jsonb,
    spec_version   integer     not null,
    live           integer,
    canary         integer,
    canary_percent integer     not null,
    primary key (model, sequence)
);
create index change_at on change (model, at);

create table prediction (
    request_id     text             primary key,
    model          text             not null,
    version        integer          not null,
    label          text             not null,
    confidence     double precision not null,
    key_hash       bigint           not null,
    latency_micros bigint           not null,
    at             timestamptz      not null
);

create table feedback (
    feedback_id     text        primary key,
    request_id      text        not null unique,
    model           text        not null,
    version         integer     not null,
    predicted_label text        not null,
    correct_label   text,
    rating          double precision check (rating between 0 and 1),
    correct         boolean     not null,
    at              timestamptz not null,
    check (correct_label is not null or rating is not null)
);
