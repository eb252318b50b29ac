-- One row a model. Locked by whoever decides about the model's samples; counts what was accepted.
create table model_progress (
    model         text   primary key,
    last_admitted bigint not null default 0
);

-- position: order of arrival. admitted: order of acceptance within the model, the order in which duplicates are judged.
create table sample (
    sample_id     text        primary key,
    position      bigint      generated always as identity,
    model         text        not null,
    source        text        not null check (source in ('REAL', 'SYNTHETIC')),
    generation_id text,
    label         text        not null,
    payload       json        not null,
    provenance    json        not null,
    content_hash  text        not null,
    signature     bytea       not null,
    state         text        not null check (state in ('PENDING', 'ACCEPTED', 'REJECTED')),
    admitted      bigint      check ((state = 'ACCEPTED') = (admitted is not null)),
    scores        json        not null,
    reasons       json        not null,
    scored_at     timestamptz not null
);
create unique index sample_admitted on sample (model, admitted) where admitted is not null;
create index sample_model on sample (model, position);
create index sample_generation on sample (generation_id, position) where generation_id is not null;
create index sample_pending on sample (model, generation_id, position) where state = 'PENDING';

-- Verdicts counted in the transaction that stores them. label is empty when it is none of the model's.
create table sample_count (
    model   text   not null,
    source  text   not null,
    label   text   not null,
    state   text   not null,
    reason  text   not null,
    samples bigint not null,
    primary key (model, source, label, state, reason)
);

-- Candidates that the encoder's checks judge together: those of one generation, or those without one ('').
create table cohort (
    cohort_id     bigint      generated always as identity unique,
    model         text        not null,
    generation_id text        not null,
    expected      integer,
    received      integer     not null default 0,
    pending       integer     not null default 0,
    last_arrival  timestamptz not null,
    judging       boolean     not null default false,
    pass          integer     not null default 0,
    primary key (model, generation_id)
);
create index cohort_waiting on cohort (last_arrival) where pending > 0 and not judging;

create table embedding (
    sample_id text  primary key references sample,
    encoder   text  not null,
    vector    bytea not null
);

create table held_out (
    model          text    not null,
    evaluation_set text    not null,
    part           integer not null,
    content_hash   text    not null,
    primary key (model, content_hash, evaluation_set, part)
);
create index held_out_part on held_out (model, evaluation_set, part);
