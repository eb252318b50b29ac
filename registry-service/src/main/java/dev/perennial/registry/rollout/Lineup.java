package dev.perennial.registry.rollout;

import dev.perennial.common.event.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's versions and rollout at one moment.
 *
 * @param rollout the active one, if there is one
 * @param newestTried the newest version that ever had traffic, 0 at first; no older candidate starts by itself
 */
record Lineup(String model, List<Member> members, Rollout.@Nullable Active rollout, int newestTried) {
    Lineup {
        members = List.copyOf(members);
    }

    /**
     * A version.
     *
     * @param liveSince when it last became live, null if it never was
     */
    record Member(int version, Stage stage, @Nullable Instant liveSince) {}

    Optional<Member> live() {
        return members.stream().filter(member -> member.stage() == Stage.LIVE).findFirst();
    }

    Optional<Member> member(int version) {
        return members.stream().filter(member -> member.version() == version).findFirst();
    }
}
