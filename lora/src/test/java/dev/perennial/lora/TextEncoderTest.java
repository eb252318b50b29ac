package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallzhv15.BgeSmallZhV15EmbeddingModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextEncoderTest {
    private static final List<String> TEXTS = List.of(
            "hi",
            "my router keeps restarting every evening",
            "Größe, naïve café — 你好 😀 ok?",
            "the quick brown fox jumps over the lazy dog ".repeat(9),
            "今天路由器又断网了，怎么办？",
            "WHAT IS MY BALANCE!!!");

    @Test
    void minilmEmbedsAsLangchain4jDoes() {
        embedsLike(new AllMiniLmL6V2EmbeddingModel(), "all-minilm-l6-v2", 384, 6);
    }

    @Test
    void bgeEmbedsAsLangchain4jDoes() {
        embedsLike(new BgeSmallZhV15EmbeddingModel(), "bge-small-zh-v1.5", 512, 4);
    }

    private static void embedsLike(EmbeddingModel reference, String id, int width, int layers) {
        List<TextSegment> segments = TEXTS.stream().map(TextSegment::from).toList();
        List<float[]> expected = reference.embedAll(segments).content().stream()
                .map(embedding -> embedding.vector())
                .toList();
        try (TextEncoder encoder = TextEncoder.open(id)) {
            assertThat(encoder.id()).isEqualTo(id);
            assertThat(encoder.width()).isEqualTo(width);
            assertThat(encoder.layers()).isEqualTo(layers);
            float[][] actual = encoder.embed(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(actual[i]).as(TEXTS.get(i)).containsExactly(expected.get(i), within(1e-5f));
                assertThat(encoder.embed(List.of(TEXTS.get(i)))[0]).containsExactly(expected.get(i), within(1e-5f));
            }
        }
    }

    @Test
    void aModelIsInMemoryOnceUntilAllWhoOpenedItAreThrough() {
        TextEncoder first = TextEncoder.open("all-minilm-l6-v2");
        TextEncoder second = TextEncoder.open("all-minilm-l6-v2");
        assertThat(second.model()).isSameAs(first.model());
        float[][] before = first.embed(TEXTS);
        first.close();
        assertThat(second.embed(TEXTS)).isDeepEqualTo(before);
        assertThatThrownBy(() -> first.embed(TEXTS)).isInstanceOf(IllegalStateException.class);
        second.close();
        assertThat(second.model().memory().isOpen()).isFalse();
    }

    @Test
    void aDirectoryIsOpenedByItsPathToo() {
        try (TextEncoder encoder = TextEncoder.open(Fixtures.tinyBert());
                TextEncoder named = TextEncoder.open(Fixtures.tinyBert().toString())) {
            assertThat(encoder.model()).isSameAs(named.model());
        }
        assertThatThrownBy(() -> TextEncoder.open(Path.of("no-such-model")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("'no-such-model'");
    }

    @Test
    void anUnknownBaseModelIsRefusedWithWhatIsAccepted() {
        assertThatThrownBy(() -> TextEncoder.open("no-such-model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("all-minilm-l6-v2")
                .hasMessageContaining("Hugging Face BERT or RoBERTa directory");
    }
}
