create table training_run (
    run_id              text primary key,
    model               text        not null,
    round               integer     not null,
    slot                text        not null,
    request             jsonb       not null,
    state               text        not null default 'QUEUED'
                        check (state in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED')),
    attempt             integer     not null default 0,
    defects             integer     not null default 0,
    requested           timestamptz not null,
    started             timestamptz,
    updated             timestamptz not null,
    finished            timestamptz,
    step                integer     not null default 0,
    total_steps         integer     not null default 0,
    epoch               integer     not null default 0,
    loss                double precision,
    tokens_per_second   double precision,
    eta_millis          bigint,
    validation_accuracy double precision,
    checkpoint          text,
    checkpoint_step     integer,
    adapter_sha256      text,
    adapter_bytes       bigint,
    failure             text
);
comment on column training_run.defects is 'attempts that ended with a fault of the program, not of the infrastructure';
comment on column training_run.checkpoint is 'file name in the directory of the run';
create index training_run_model on training_run (model, requested desc);
