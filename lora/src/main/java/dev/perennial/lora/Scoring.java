package dev.perennial.lora;

import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalScores;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.RowAdapters;
import dev.perennial.lora.model.TokenIds;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Scores texts, for callers that hold model and adapters. */
record Scoring(LoadedLanguageModel loaded, Function<Prompt.Chat, String> written) {

    List<Score> of(List<ScoreRequest> requests) {
        List<CausalExample> examples = IntStream.range(0, requests.size())
                .mapToObj(i -> example("requests[%d]".formatted(i), requests.get(i)))
                .toList();
        List<Adapter> adapters = requests.stream()
                .map(request -> LanguageAdapter.layers(request.adapter()))
                .toList();
        Score[] scores = new Score[requests.size()];
        for (List<Integer> batch : AdapterBatches.by(adapters)
                .of(examples.stream().map(CausalExample::tokens).toList())) {
            List<float[]> found = CausalScores.of(
                    loaded.model(),
                    new RowAdapters(batch.stream().map(adapters::get).toList()),
                    batch.stream().map(examples::get).toList());
            for (int i = 0; i < batch.size(); i++) {
                scores[batch.get(i)] = score(examples.get(batch.get(i)), found.get(i));
            }
        }
        return List.of(scores);
    }

    private static Score score(CausalExample example, float[] found) {
        long[] tokens = example.tokens();
        return new Score(
                Arrays.stream(tokens, tokens.length - found.length, tokens.length)
                        .boxed()
                        .toList(),
                IntStream.range(0, found.length)
                        .mapToObj(i -> (double) found[i])
                        .toList());
    }

    private CausalExample example(String name, ScoreRequest request) {
        Given given = given(request);
        long[] tokens = given.tokens;
        int room = loaded.room(request.adapter());
        if (tokens.length > room) {
            throw new IllegalArgumentException(
                    "%s has %d tokens, the model room for %d: cut it into parts".formatted(name, tokens.length, room));
        }
        if (tokens.length <= Math.max(1, given.first)) {
            throw new IllegalArgumentException(
                    name + " has no token to score: give it more text, or something before it");
        }
        TokenIds.requireKnown(name, tokens, loaded.model().config().vocabulary());
        return new CausalExample(tokens, given.first);
    }

    /** @param first that is scored, or the one after it if it is the very first */
    @SuppressWarnings("ArrayRecordComponent") // on its way from the tokenizer to the model
    private record Given(long[] tokens, int first) {}

    private Given given(ScoreRequest request) {
        return switch (request.given()) {
            case null -> new Given(loaded.tokenizer().encode(request.text()), 0);
            case Prompt.Text(String before) ->
                after(loaded.tokenizer().encode(before), loaded.tokenizer().encode(before + request.text()));
            case Prompt.Chat chat -> {
                String before = written.apply(chat);
                yield after(
                        loaded.tokenizer().encodeBare(before),
                        loaded.tokenizer().encodeBare(before + request.text()));
            }
            case Prompt.Tokens(List<Long> ids) ->
                appended(ids, loaded.tokenizer().encodeBare(request.text()));
        };
    }

    private static Given after(long[] before, long[] whole) {
        return new Given(whole, LearningTexts.border(before, whole));
    }

    private static Given appended(List<Long> before, long[] text) {
        long[] all = Arrays.copyOf(before.stream().mapToLong(Long::longValue).toArray(), before.size() + text.length);
        System.arraycopy(text, 0, all, before.size(), text.length);
        return new Given(all, before.size());
    }
}
