package dev.perennial.lora.generate;

/**
 * How the next token is chosen. Temperature comes before top-p, as in transformers' {@code generate}.
 *
 * @param temperature what the logits are divided by; 0 takes the most probable token
 * @param topP the most probable tokens are kept until their probabilities reach this sum; 1 keeps all
 */
public record Sampling(double temperature, double topP) {
    public Sampling {
        if (!(temperature == 0 || (temperature >= 1e-3 && temperature <= 100))) {
            throw new IllegalArgumentException("temperature must be 0 or 0.001 to 100, not " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must be above 0 and at most 1, not " + topP);
        }
    }

    public static Sampling greedy() {
        return new Sampling(0, 1);
    }

    boolean isGreedy() {
        return temperature == 0;
    }
}
