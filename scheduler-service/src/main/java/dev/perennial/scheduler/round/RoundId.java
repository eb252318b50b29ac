package dev.perennial.scheduler.round;

/** Names a round. */
public record RoundId(String model, int number) {

    static RoundId of(Round round) {
        return new RoundId(round.head().model(), round.head().number());
    }

    /** The id of a job about the round. */
    String jobId() {
        return model + "/" + number;
    }

    static RoundId ofJob(String jobId) {
        int slash = jobId.lastIndexOf('/');
        return new RoundId(jobId.substring(0, slash), Integer.parseInt(jobId.substring(slash + 1)));
    }
}
