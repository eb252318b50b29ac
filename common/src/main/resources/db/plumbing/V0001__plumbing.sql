create table outbox (
    id       bigint generated always as identity primary key,
    event_id text        not null unique,
    family   text        not null,
    type     text        not null,
    key      text        not null,
    time     timestamptz not null,
    value    bytea       not null
);

create table lease (
    kind        text        not null,
    job_id      text        not null,
    attempt     integer     not null default 0,
    defects     integer     not null default 0,
    submitted   timestamptz not null default now(),
    finished    timestamptz,
    primary key (kind, job_id)
);

create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    state                text,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);

create table known_model (
    model        text primary key,
    spec_version integer not null,
    spec         jsonb   not null
);

create table known_version (
    model    text    not null,
    version  integer not null,
    stage    text    not null,
    change   jsonb   not null,
    sequence bigint  not null,
    primary key (model, version)
);
