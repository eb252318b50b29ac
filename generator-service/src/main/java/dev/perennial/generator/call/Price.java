package dev.perennial.generator.call;

import dev.perennial.generator.provider.Reply;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What the outside LLM costs, in any currency. Zero until somebody says what it is.
 *
 * @param promptPerMillion price of a million prompt tokens
 * @param completionPerMillion price of a million completion tokens
 */
public record Price(BigDecimal promptPerMillion, BigDecimal completionPerMillion) {
    private static final int MICRO = 6;

    public Price(@Nullable BigDecimal promptPerMillion, @Nullable BigDecimal completionPerMillion) {
        this.promptPerMillion = promptPerMillion == null ? BigDecimal.ZERO : promptPerMillion;
        this.completionPerMillion = completionPerMillion == null ? BigDecimal.ZERO : completionPerMillion;
        if (this.promptPerMillion.signum() < 0 || this.completionPerMillion.signum() < 0) {
            throw new IllegalArgumentException("perennial.generator.price: a price cannot be negative");
        }
    }

    BigDecimal of(Reply reply) {
        return promptPerMillion
                .multiply(BigDecimal.valueOf(reply.promptTokens()))
                .add(completionPerMillion.multiply(BigDecimal.valueOf(reply.completionTokens())))
                .movePointLeft(MICRO)
                .setScale(8, RoundingMode.HALF_UP);
    }
}
