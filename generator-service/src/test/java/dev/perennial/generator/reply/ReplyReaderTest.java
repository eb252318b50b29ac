package dev.perennial.generator.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.reply.ReplyReader.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"samples\":[{\"text\":\"one\",\"label\":\"a\"},{\"text\":\"two\",\"label\":\"a\"}]}",
                "[{\"text\":\"one\",\"label\":\"a\"},{\"label\":\"a\",\"text\":\"two\",\"note\":{\"x\":[1]}}]",
                "{\"result\":{\"utterances\":[{\"utterance\":\"one\"},{\"utterance\":\"two\"}]}}",
                "[\"one\", \"two\"]",
                "```json\n[\"one\", \"two\"]\n```",
                "Here are [2] requests:\n{\"samples\":[\"one\",\"two\",],}\nAnything else?",
                "{samples:[{text:'one'},{'text':'two'}]} // done",
                "{\"samples\":[{\"text\":\"one\"},{\"text\":\"two\"},{\"text\":\"thr",
                "{\"samples\":[{\"text\":\"one\"},{\"text\":\"two\"}",
            })
    void finds_the_utterances_however_the_reply_is_wrapped_or_broken(String reply) {
        assertThat(ReplyReader.read(reply))
                .isInstanceOfSatisfying(
                        Outcome.Read.class,
                        read -> assertThat(read.utterances())
                                .extracting(Utterance::text)
                                .containsExactly("one", "two"));
    }

    @Test
    void says_whether_the_document_broke_off() {
        assertThat(ReplyReader.read("[\"one\"]"))
                .isInstanceOfSatisfying(
                        Outcome.Read.class, read -> assertThat(read.complete()).isTrue());
        assertThat(ReplyReader.read("[\"one\", \"tw"))
                .isInstanceOfSatisfying(
                        Outcome.Read.class, read -> assertThat(read.complete()).isFalse());
    }

    @Test
    void keeps_what_the_provider_says_about_an_utterance() {
        assertThat(ReplyReader.read("[{\"text\":\"one\",\"label\":\"a\",\"strategy\":\"rewrite\",\"seeds\":[\"s1\"]}]"))
                .isInstanceOfSatisfying(Outcome.Read.class, read -> {
                    Utterance utterance = read.utterances().getFirst();
                    assertThat(utterance.label()).isEqualTo("a");
                    assertThat(utterance.strategy()).isEqualTo("rewrite");
                    assertThat(utterance.seeds()).containsExactly("s1");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "I cannot help with that.", "{\"samples\":[{\"te", "}{", "[[[[[["})
    void what_holds_no_utterance_is_unreadable(String reply) {
        assertThat(ReplyReader.read(reply)).isInstanceOf(Outcome.Unreadable.class);
    }
}
