package dev.perennial.generator.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.generation.CallPlanner.Order;
import dev.perennial.generator.seed.Seed;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallPlannerTest {
    private static final Map<String, Double> DIFFICULTY = Map.of("easy", 0.3, "medium", 0.5, "hard", 0.2);

    private final CallPlanner planner = new CallPlanner(10, 3);

    @Test
    void asks_for_exactly_what_is_wanted_in_calls_that_are_not_too_large() {
        List<PlannedCall> calls = plan(Map.of("a", 57, "b", 1), Map.of(), 0);

        assertThat(wanted(calls, PlannedCall::label)).isEqualTo(Map.of("a", 57, "b", 1));
        assertThat(calls).allMatch(call -> call.wanted() >= 1 && call.wanted() <= 10);
        assertThat(calls)
                .extracting(PlannedCall::index)
                .containsExactlyElementsOf(
                        IntStream.range(0, calls.size()).boxed().toList());
    }

    @Test
    void keeps_the_shares_of_difficulty_and_uses_every_style() {
        List<PlannedCall> calls = plan(Map.of("a", 100), Map.of(), 0);

        assertThat(wanted(calls, PlannedCall::difficulty)).isEqualTo(Map.of("easy", 30, "medium", 50, "hard", 20));
        assertThat(calls).extracting(PlannedCall::style).contains("formal", "chatty");
    }

    @Test
    void offsets_of_a_label_follow_each_other() {
        List<PlannedCall> calls = plan(Map.of("a", 25), Map.of("a", 7), 1);

        int expected = 7;
        for (PlannedCall call : calls) {
            assertThat(call.offset()).isEqualTo(expected);
            assertThat(call.wave()).isEqualTo(1);
            expected += call.wanted();
        }
        assertThat(expected).isEqualTo(32);
    }

    @Test
    void shows_different_examples_in_different_calls_and_never_more_than_there_are() {
        List<PlannedCall> calls = plan(Map.of("a", 30, "none", 5), Map.of(), 0);

        assertThat(calls.stream()
                        .filter(call -> call.label().equals("a"))
                        .flatMap(call -> call.examples().stream())
                        .distinct())
                .hasSizeGreaterThan(5);
        assertThat(calls)
                .filteredOn(call -> call.label().equals("none"))
                .allMatch(call -> call.examples().isEmpty());
    }

    @Test
    void the_same_order_gives_the_same_plan() {
        assertThat(plan(Map.of("a", 33, "b", 12), Map.of(), 0)).isEqualTo(plan(Map.of("b", 12, "a", 33), Map.of(), 0));
    }

    @Test
    void shares_always_sum_to_the_total() {
        for (int total = 0; total < 50; total++) {
            assertThat(CallPlanner.shares(total, DIFFICULTY).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(total);
        }
    }

    private List<PlannedCall> plan(Map<String, Integer> wanted, Map<String, Integer> offsets, int wave) {
        return planner.plan(new Order(
                wave,
                0,
                wanted,
                offsets,
                DIFFICULTY,
                List.of("formal", "chatty"),
                5,
                label -> label.equals("none")
                        ? List.of()
                        : IntStream.range(0, 8)
                                .mapToObj(i -> new Seed(label + i, "text " + i))
                                .toList()));
    }

    private static Map<String, Integer> wanted(
            List<PlannedCall> calls, java.util.function.Function<PlannedCall, String> key) {
        return calls.stream().collect(Collectors.groupingBy(key, Collectors.summingInt(PlannedCall::wanted)));
    }
}
