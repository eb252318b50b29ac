create table template_version (
    name    text        not null,
    version integer     not null,
    sha256  text        not null,
    content jsonb       not null,
    created timestamptz not null default now(),
    primary key (name, version),
    unique (name, sha256)
);

create table template (
    name    text        primary key,
    version integer     not null,
    updated timestamptz not null default now(),
    foreign key (name, version) references template_version (name, version)
);

create table knowledge_content (
    sha256  text primary key,
    content text not null
);

create table knowledge_file (
    model   text        not null,
    file    text        not null,
    sha256  text        not null references knowledge_content (sha256),
    updated timestamptz not null default now(),
    primary key (model, file)
);

-- The newest accepted real samples of each label.
create table seed (
    sample_id text   primary key,
    model     text   not null,
    label     text   not null,
    text      text   not null,
    arrival   bigint generated always as identity
);
create index seed_newest on seed (model, label, arrival desc);

-- What was paid for, stored the moment that the reply arrived. model and generation_id say who paid.
create table llm_call (
    call_key          text           primary key,
    provider          text           not null,
    llm               text           not null,
    model             text           not null,
    generation_id     text           not null,
    reply             text           not null,
    prompt_tokens     bigint         not null,
    completion_tokens bigint         not null,
    cost              numeric(18, 8) not null,
    answered          timestamptz    not null
);
create index llm_call_spent on llm_call (model, answered);
create index llm_call_generation on llm_call (generation_id);

create table generation (
    generation_id    text           primary key,
    model            text           not null,
    spec_version     integer        not null,
    reason           text           not null,
    seed             bigint         not null,
    wanted           jsonb          not null,
    requested        integer        not null,
    status           text           not null default 'queued'
        check (status in ('queued', 'running', 'complete', 'budget-exhausted', 'failed')),
    message          text,
    template         text,
    template_version integer,
    knowledge        jsonb,
    provider         text,
    llm              text,
    calls_total      integer        not null default 0,
    calls_done       integer        not null default 0,
    produced         integer        not null default 0,
    published        integer        not null default 0,
    rejected         integer        not null default 0,
    tokens           bigint         not null default 0,
    cost             numeric(18, 8) not null default 0,
    requested_at     timestamptz    not null,
    started_at       timestamptz,
    attempt_at       timestamptz,
    attempt_done     integer        not null default 0,
    progressed_at    timestamptz    not null,
    finished_at      timestamptz
);
create index generation_model on generation (model, requested_at desc);

-- The plan, written before the first call of a wave, so that a restart asks for exactly the same.
create table generation_call (
    generation_id text    not null references generation (generation_id),
    call_index    integer not null,
    wave          integer not null,
    label         text    not null,
    difficulty    text    not null,
    style         text    not null,
    wanted        integer not null,
    stream_offset integer not null,
    examples      jsonb   not null,
    done          boolean not null default false,
    call_key      text,
    primary key (generation_id, call_index)
);

create table candidate (
    sample_id       text    primary key,
    generation_id   text    not null references generation (generation_id),
    call_index      integer not null,
    utterance_index integer not null,
    label           text    not null,
    text            text    not null,
    content_hash    text    not null,
    strategy        text,
    seeds           jsonb   not null,
    published       boolean not null default false,
    unique (generation_id, content_hash)
);
create index candidate_unpublished on candidate (generation_id) where not published;

create table rejection (
    generation_id text    not null references generation (generation_id),
    call_index    integer not null,
    reason        text    not null,
    count         integer not null,
    primary key (generation_id, call_index, reason)
);
