package dev.perennial.registry.rollout;

/**
 * What is known of one of two compared versions.
 *
 * @param correct answers that callers called correct
 * @param incorrect answers that callers called wrong
 * @param requests answers asked of it
 * @param unhealthy those of the requests that failed or took too long
 */
public record Arm(long correct, long incorrect, long requests, long unhealthy) {
    public static final Arm NOTHING = new Arm(0, 0, 0, 0);

    public Arm {
        if (correct < 0 || incorrect < 0 || unhealthy < 0 || unhealthy > requests) {
            throw new IllegalArgumentException("counts must not be negative, nor unhealthy above requests");
        }
    }

    public static Arm judged(long correct, long incorrect) {
        return new Arm(correct, incorrect, 0, 0);
    }

    public static Arm served(long requests, long unhealthy) {
        return new Arm(0, 0, requests, unhealthy);
    }

    public long feedbacks() {
        return correct + incorrect;
    }

    public Arm plus(Arm more) {
        return new Arm(
                correct + more.correct,
                incorrect + more.incorrect,
                requests + more.requests,
                unhealthy + more.unhealthy);
    }
}
