package dev.perennial.registry.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SequentialTestTest {
    @Test
    void knows_nothing_at_first() {
        assertThat(SequentialTest.logEvidenceOfLower(0, 0, 0, 0)).isZero();
    }

    @Test
    void equals_the_value_worked_out_by_hand() {
        // 0 of 2 against 2 of 2: numerator (1/3)(1/3), denominator (1/2)^4
        assertThat(SequentialTest.logEvidenceOfLower(0, 2, 2, 2)).isCloseTo(Math.log(16.0 / 9), within(1e-12));
        // 1 of 3 against 3 of 4: numerator 1/12 * 1/20, denominator (4/7)^4 (3/7)^3
        double expected = Math.log(1.0 / 12 / 20 / (Math.pow(4.0 / 7, 4) * Math.pow(3.0 / 7, 3)));
        assertThat(SequentialTest.logEvidenceOfLower(1, 3, 3, 4)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void the_series_for_large_counts_continues_the_exact_sums() {
        // B(21, 81) from its recurrence, in logarithms
        double exact = 0;
        for (int i = 1; i <= 20; i++) {
            exact += Math.log(i) - Math.log(81 + i);
        }
        exact -= Math.log(81);
        double pooled = 20 * Math.log(0.2) + 80 * Math.log(0.8);
        assertThat(SequentialTest.logEvidenceOfLower(20, 100, 0, 0)).isCloseTo(exact - pooled, within(1e-9));
    }

    @Test
    void has_no_evidence_of_lower_when_the_rate_is_higher() {
        assertThat(SequentialTest.logEvidenceOfLower(90, 100, 10, 100)).isNegative();
        assertThat(SequentialTest.logEvidenceOfLower(10, 100, 90, 100)).isGreaterThan(50);
    }

    @Test
    void the_value_is_a_fair_game_on_average_when_the_rates_are_equal() {
        // Over all outcomes of 6 and 9 trials the mean of the value must not exceed 1, whatever the rate.
        for (double rate : new double[] {0.05, 0.3, 0.5, 0.9}) {
            double mean = 0;
            for (int c = 0; c <= 6; c++) {
                for (int s = 0; s <= 9; s++) {
                    mean += binomial(6, c, rate)
                            * binomial(9, s, rate)
                            * Math.exp(SequentialTest.logEvidenceOfLower(c, 6, s, 9));
                }
            }
            assertThat(mean).isLessThanOrEqualTo(1.0);
        }
    }

    private static double binomial(int n, int k, double p) {
        double choose = 1;
        for (int i = 0; i < k; i++) {
            choose = choose * (n - i) / (i + 1);
        }
        return choose * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }
}
