package dev.perennial.lora;

import dev.perennial.lora.generate.Sampler;
import dev.perennial.lora.generate.StopStrings;
import dev.perennial.lora.generate.TextStream;
import dev.perennial.lora.model.Adapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answer to one request while it is generated. */
final class GrowingText {
    private final LoadedLanguageModel loaded;
    private final int request;
    private final GenerationRequest wanted;
    private final int promptTokens;
    private final int limit;
    private final GenerationListener listener;
    private final Sampler sampler;
    private final TextStream stream;
    private final StringBuilder text = new StringBuilder();
    private final List<Long> tokens = new ArrayList<>();
    private final List<Double> logProbabilities = new ArrayList<>();
    private Generation.@Nullable Finish finish;

    /** @param positions that the model has behind the prompt */
    GrowingText(
            LoadedLanguageModel loaded,
            int request,
            GenerationRequest wanted,
            int promptTokens,
            int positions,
            GenerationListener listener) {
        this.loaded = loaded;
        this.request = request;
        this.wanted = wanted;
        this.promptTokens = promptTokens;
        this.limit = Math.min(wanted.maxTokens(), positions);
        this.listener = listener;
        this.sampler = new Sampler(wanted.sampling(), wanted.seed());
        this.stream = new TextStream(new StopStrings(wanted.stopStrings()));
    }

    int request() {
        return request;
    }

    Adapter adapter() {
        return LanguageAdapter.layers(wanted.adapter());
    }

    long lastToken() {
        return tokens.getLast();
    }

    /**
     * Takes the next token.
     *
     * @param logits [V]
     * @return whether the text goes on
     */
    boolean accept(float[] logits) {
        int token = sampler.next(logits);
        tokens.add((long) token);
        if (wanted.logProbabilities()) {
            logProbabilities.add(logProbability(logits, token));
        }
        if (loaded.stopTokens().contains((long) token)) {
            end(Generation.Finish.STOP_TOKEN);
            return false;
        }
        show(stream.append(loaded.tokenizer().bytes(token)));
        if (stream.stopped()) {
            finish = Generation.Finish.STOP_STRING;
        } else if (tokens.size() == limit && finish == null) {
            end(Generation.Finish.LENGTH);
        }
        return finish == null;
    }

    private void end(Generation.Finish reason) {
        finish = reason;
        show(stream.end()); // the rest may yet be a stop string: a character cut short ends as U+FFFD
        if (stream.stopped()) {
            finish = Generation.Finish.STOP_STRING;
        }
    }

    private void show(String added) {
        text.append(added);
        if (!added.isEmpty() && !listener.text(request, added) && finish == null) {
            finish = Generation.Finish.CANCELLED;
        }
    }

    /** {@code logits_token - log sum exp(logits)}. */
    private static double logProbability(float[] logits, int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return logits[token] - max - Math.log(sum);
    }

    Generation result() {
        return new Generation(text.toString(), tokens, logProbabilities, Objects.requireNonNull(finish), promptTokens);
    }
}
