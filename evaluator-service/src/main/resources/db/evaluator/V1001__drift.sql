-- What a detector has seen of a model's live version. A new live version starts a new epoch.
create table drift_watch (
    model    text primary key,
    version  integer not null,
    epoch    integer not null,
    samples  integer not null default 0,
    state    text,
    suspected_from   integer,
    suspected_before double precision,
    alarm_at         integer
);

comment on column drift_watch.alarm_at is 'position of the last alarm, until the error rate is down again';

-- Feedback that was counted, once. position is the order of arrival within the epoch, from 0.
create table drift_feedback (
    feedback_id text primary key,
    model       text        not null,
    epoch       integer     not null,
    position    integer     not null,
    true_label  text,
    correct     boolean     not null,
    at          timestamptz not null
);
create index drift_feedback_by_window on drift_feedback (model, epoch, position);

create table drift_alarm (
    drift_id text primary key,
    model    text        not null,
    version  integer     not null,
    at       timestamptz not null,
    evidence jsonb       not null
);
create index drift_alarm_by_model on drift_alarm (model, at desc);
