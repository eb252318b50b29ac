package dev.perennial.registry.rollout;

/**
 * Evidence that one success rate is lower than another, which may be looked at after every observation.
 *
 * <p>For success counts {@code c of m} and {@code s of n} with unknown rates {@code p} and {@code q} the value is
 *
 * <pre>E = ∫∫ p^c (1-p)^(m-c) q^s (1-q)^(n-s) dp dq  /  max over p >= q of the same product</pre>
 *
 * The numerator is Robbins' uniform mixture (Ann. Math. Statist. 41, 1970), the denominator the largest likelihood under
 * the null hypothesis (Wasserman, Ramdas and Balakrishnan, "Universal inference", PNAS 117, 2020). Under every {@code p
 * >= q} E is at most a non-negative martingale that starts at 1, whatever share of the traffic each arm gets and however
 * that changes. By Ville's inequality it therefore ever reaches {@code 1/alpha} with probability at most alpha: looking
 * again and again costs nothing.
 */
final class SequentialTest {
    private static final int EXACT = 32;

    private SequentialTest() {}

    /** ln E; 0 without observations. */
    static double logEvidenceOfLower(long successes, long trials, long otherSuccesses, long otherTrials) {
        double mixture = logUniformMixture(successes, trials) + logUniformMixture(otherSuccesses, otherTrials);
        boolean higher = (double) successes * otherTrials >= (double) otherSuccesses * trials;
        double largest = higher
                ? logLargestLikelihood(successes, trials) + logLargestLikelihood(otherSuccesses, otherTrials)
                : logLargestLikelihood(successes + otherSuccesses, trials + otherTrials);
        return mixture - largest;
    }

    /** ln of the Beta function B(k + 1, n - k + 1), which is 1 / ((n + 1) choose(n, k)). */
    private static double logUniformMixture(long k, long n) {
        return logFactorial(k) + logFactorial(n - k) - logFactorial(n + 1);
    }

    private static double logLargestLikelihood(long k, long n) {
        return timesLog(k, (double) k / n) + timesLog(n - k, (double) (n - k) / n);
    }

    private static double timesLog(long count, double share) {
        return count == 0 ? 0 : count * Math.log(share);
    }

    /** Stirling's series; its error is below 1e-10 from 32 on. */
    private static double logFactorial(long n) {
        if (n < EXACT) {
            double sum = 0;
            for (int i = 2; i <= n; i++) {
                sum += Math.log(i);
            }
            return sum;
        }
        double x = n;
        return x * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI * x) + 1 / (12 * x) - 1 / (360 * x * x * x);
    }
}
