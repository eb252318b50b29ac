package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.evaluator.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdwinTest extends DriftDetectorContractTest {
    @Override
    DriftDetector restore(String state) {
        return Adwin.restore(0.05, 1, state);
    }

    record Case(String name, double delta, int clock, String bits, List<Cut> cuts, int width, int errors) {}

    record Cut(int index, int dropped, int droppedErrors, int kept, int keptErrors) {}

    static List<Case> cases() {
        return Golden.cases("adwin.json", Case.class);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void cuts_where_the_reference_cuts(Case golden) {
        Adwin adwin = new Adwin(golden.delta(), golden.clock());
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < golden.bits().length(); i++) {
            boolean error = golden.bits().charAt(i) == '1';
            int width = adwin.width() + 1;
            int errors = errors(adwin) + (error ? 1 : 0);
            if (adwin.update(error).isPresent()) {
                cuts.add(new Cut(i, width - adwin.width(), errors - errors(adwin), adwin.width(), errors(adwin)));
            }
        }

        assertThat(cuts).isEqualTo(golden.cuts());
        assertThat(adwin.width()).isEqualTo(golden.width());
        assertThat(errors(adwin)).isEqualTo(golden.errors());
    }

    private static int errors(Adwin adwin) {
        return (int) Math.round(adwin.errorRate() * adwin.width());
    }

    @Test
    void needs_little_room_for_a_long_past() {
        Adwin adwin = new Adwin(0.002, 32);
        shifts(adwin, stream(5, 100_000, 0.1));

        assertThat(adwin.width()).isGreaterThan(50_000);
        assertThat(adwin.state()).hasSizeLessThan(600);
    }
}
