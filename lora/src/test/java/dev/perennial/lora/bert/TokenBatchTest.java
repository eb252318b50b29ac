package dev.perennial.lora.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
    private static final BertConfig CONFIG = new BertConfig(8, 1, 2, 16, 100, 4, 0, 2, 1e-12);

    private final PtNDManager memory = Torch.memory();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void whatTheEmbeddingsLackIsRefusedBeforeTheDeviceSeesIt() {
        assertThat(batch(0, 99, 1, 2).ids().getShape().getShape()).containsExactly(1, 4);
        assertThatThrownBy(() -> batch(5, 100))
                .hasMessage("a text holds the token 100: the model has those from 0 to 99");
        assertThatThrownBy(() -> batch(-1)).hasMessage("a text holds the token -1: the model has those from 0 to 99");
        assertThatThrownBy(() -> batch(1, 2, 3, 4, 5))
                .hasMessage("a text of 5 tokens is longer than the model's 4 positions");
    }

    private TokenBatch batch(long... ids) {
        return TokenBatch.of(memory, CONFIG, List.of(ids), Pooling.MEAN);
    }
}
