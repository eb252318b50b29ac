package dev.perennial.common.messaging;

import dev.perennial.common.event.EventFamily;
import dev.perennial.common.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters over HTTP. */
@RestController
final class DeadLetterEndpoint {
    private static final int MAX_PAGE = 1000;

    private final DeadLetters deadLetters;

    DeadLetterEndpoint(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /** How many letters went back. */
    record Replayed(int replayed) {}

    @GetMapping("/api/dead-letters")
    List<DeadLetter> all(@RequestParam(defaultValue = "100") int limit) {
        return Arrays.stream(EventFamily.values())
                .flatMap(family -> deadLetters.list(family, page(limit)).stream())
                .limit(page(limit))
                .toList();
    }

    @GetMapping("/api/dead-letters/{family}")
    List<DeadLetter> list(@PathVariable String family, @RequestParam(defaultValue = "100") int limit) {
        return deadLetters.list(family(family), page(limit));
    }

    @PostMapping("/api/dead-letters/{family}/replay")
    Replayed replay(@PathVariable String family, @RequestParam(defaultValue = "1000") int limit) {
        return new Replayed(deadLetters.replay(family(family), page(limit)));
    }

    private static int page(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw ProblemException.badRequest("invalid-limit", "limit must be between 1 and " + MAX_PAGE + ".");
        }
        return limit;
    }

    private static EventFamily family(String name) {
        return Arrays.stream(EventFamily.values())
                .filter(family -> family.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound(
                        "family-unknown",
                        "There is no event family '" + name + "'; use one of "
                                + Arrays.stream(EventFamily.values())
                                        .map(family -> family.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
