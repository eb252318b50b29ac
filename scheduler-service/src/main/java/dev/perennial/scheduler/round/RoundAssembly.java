package dev.perennial.scheduler.round;

import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.job.Lease;
import dev.perennial.scheduler.dataset.DatasetFiles;
import dev.perennial.scheduler.dataset.Datasets;
import dev.perennial.scheduler.dataset.Origin;
import dev.perennial.scheduler.mix.MixRules;
import dev.perennial.scheduler.mix.Mixture;
import dev.perennial.scheduler.mix.PoolSample;
import dev.perennial.scheduler.pool.SamplePool;
import java.time.Clock;
import java.util.Optional;

/** The job that takes a round's snapshot of the pool and makes its training set. */
final class RoundAssembly {
    static final String KIND = "snapshot";

    private final SamplePool pool;
    private final RoundStore rounds;
    private final Rounds moves;
    private final DatasetFiles files;
    private final Datasets datasets;
    private final Clock clock;

    RoundAssembly(
            SamplePool pool, RoundStore rounds, Rounds moves, DatasetFiles files, Datasets datasets, Clock clock) {
        this.pool = pool;
        this.rounds = rounds;
        this.moves = moves;
        this.files = files;
        this.datasets = datasets;
        this.clock = clock;
    }

    void run(Lease lease) {
        RoundId id = RoundId.ofJob(lease.jobId());
        Optional<RoundHead> head = lease.inTransaction(() -> claim(id));
        head.ifPresent(claimed -> assemble(lease, id, claimed));
    }

    /** Ends a round whose training set cannot be made. */
    void giveUp(Lease lease, String reason) {
        RoundId id = RoundId.ofJob(lease.jobId());
        lease.finish(() -> moves.change(
                id, Round.Assembling.class, round -> round.impossible("making the training set " + reason)));
    }

    private Optional<RoundHead> claim(RoundId id) {
        pool.lock(id.model());
        Optional<RoundHead> head = rounds.find(id.model(), id.number())
                .filter(Round.Assembling.class::isInstance)
                .map(Round::head);
        head.ifPresent(_ -> pool.claim(id.model(), id.number()));
        return head;
    }

    private void assemble(Lease lease, RoundId id, RoundHead head) {
        Mixture mixture = Mixture.of(pool.trainable(id.model(), id.number()), MixRules.of(head.spec(), head.seed()));
        long labels = mixture.train().stream().map(PoolSample::label).distinct().count();
        if (labels < 2) {
            lease.finish(() -> moves.change(id, Round.Assembling.class, round -> round.impossible(tooFew(labels))));
            return;
        }
        Origin origin = new Origin(id.model(), id.number(), head.specVersion(), head.seed());
        DatasetRef dataset = files.store(mixture, origin);
        lease.finish(() -> {
            datasets.add(dataset, mixture, origin, clock.instant());
            moves.change(id, Round.Assembling.class, round -> round.assembled(dataset));
        });
    }

    private static String tooFew(long labels) {
        return "the pool has accepted samples of " + labels
                + " of the spec's labels outside the evaluation sets; training needs at least 2";
    }
}
