package dev.perennial.evaluator.gate;

/** What a candidate is compared with. */
public sealed interface Opponent {
    /** The version that is live. The candidate has to be better, and may forget little. */
    record LiveVersion(int version) implements Opponent {
        @Override
        public String words() {
            return "live version " + version;
        }
    }

    /** The untuned base, while nothing is live. The candidate must not be worse. */
    record UntunedBase() implements Opponent {
        @Override
        public String words() {
            return "the untuned base";
        }
    }

    /** Its name in a sentence. */
    String words();
}
