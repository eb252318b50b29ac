package dev.perennial.common.spec;

import org.jspecify.annotations.Nullable;

/**
 * When a training round starts and what it is trained on.
 *
 * @param every a round starts whenever this many new samples were accepted
 * @param onDrift an alarm starts a round with targeted generation
 */
public record SchedulingSpec(Every every, Boolean onDrift, Mix mix, Replay replay, Integer priority) {
    public static final SchedulingSpec DEFAULT = new SchedulingSpec(null, null, null, null, null);

    public SchedulingSpec(
            @Nullable Every every,
            @Nullable Boolean onDrift,
            @Nullable Mix mix,
            @Nullable Replay replay,
            @Nullable Integer priority) {
        this.every = every == null ? new Every(100) : every;
        this.onDrift = onDrift == null ? true : onDrift;
        this.mix = mix == null ? Mix.AUTO : mix;
        this.replay = replay == null ? new Replay(null) : replay;
        this.priority = priority == null ? 0 : priority;
    }

    /**
     * Rehearsal of earlier rounds.
     *
     * @param size samples of earlier rounds that may be mixed in, so that old labels are not forgotten; 0 is none */
    public record Replay(Integer size) {
        public Replay(@Nullable Integer size) {
            this.size = size == null ? 5000 : size;
        }
    }
}
