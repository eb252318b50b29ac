package dev.perennial.lora.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.AttentionShape;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixDirectoryTest {
    private static final BaseModel BASE = BaseModel.named("base");
    private static final AttentionShape SHAPE = new AttentionShape(2, 3, 4);

    @TempDir
    Path directory;

    private PrefixWeights written() {
        PrefixWeights weights = PrefixWeights.fresh(SHAPE, 5, 1);
        PrefixDirectory.write(directory, weights, BASE, TaskType.CAUSAL_LM);
        return weights;
    }

    @Test
    void whatIsWrittenIsReadAgainBitForBit() {
        PrefixWeights weights = written();
        PrefixWeights found = PrefixDirectory.read(directory, SHAPE);
        assertThat(found.tokens()).isEqualTo(5);
        assertThat(found.embeddings().dimensions()).containsExactly(5, 48);
        assertThat(found.embeddings().sameAs(weights.embeddings())).isTrue();
    }

    @Test
    void theSeedGivesTheStart() {
        float[] first = PrefixWeights.fresh(SHAPE, 50, 1).embeddings().values();
        assertThat(PrefixWeights.fresh(SHAPE, 50, 1).embeddings().values()).isEqualTo(first);
        assertThat(PrefixWeights.fresh(SHAPE, 50, 2).embeddings().values()).isNotEqualTo(first);
        double squares = 0;
        for (float value : first) {
            squares += value * value;
        }
        assertThat(squares / first.length).as("the variance of 2,400 draws").isBetween(0.9, 1.1);
        assertThatThrownBy(() -> PrefixWeights.fresh(SHAPE, 0, 1)).hasMessageContaining("1 to 16384 tokens, not 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"prefix_projection\" : false | \"prefix_projection\" : true | prefix_projection",
                "\"PREFIX_TUNING\" | \"LORA\" | peft_type",
                "\"num_layers\" : 2 | \"num_layers\" : 3 | num_layers is 3, the model calls for 2",
                "\"token_dim\" : 12 | \"token_dim\" : 24 | token_dim is 24, the model calls for 12",
                "\"num_attention_heads\" : 3 | \"num_attention_heads\" : 6 | num_attention_heads is 6",
                "\"num_transformer_submodules\" : 1 | \"num_transformer_submodules\" : 2 | num_transformer_submodules",
                "\"num_virtual_tokens\" : 5 | \"num_virtual_tokens\" : 4 | prompt_embeddings",
                "\"num_virtual_tokens\" : 5 | \"num_virtual_tokens\" : 2000000000 | num_virtual_tokens",
                "\"num_layers\" : 2 | \"num_layers\" : 2, \"modules_to_save\" : [\"head\"] | modules_to_save"
            })
    void aPrefixThatIsNotTheModelsIsRefused(String found, String instead, String message) throws IOException {
        written();
        Path config = directory.resolve("adapter_config.json");
        String json = Files.readString(config);
        assertThat(json).contains(found);
        Files.writeString(config, json.replace(found, instead));
        assertThatThrownBy(() -> PrefixDirectory.read(directory, SHAPE))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPrefixThatCannotBeReadAgainIsNotSaved() {
        PrefixWeights weights = written();
        PrefixWeights broken = PrefixWeights.fresh(SHAPE, 5, 2);
        broken.embeddings().values()[7] = Float.NaN;
        assertThatThrownBy(() -> PrefixDirectory.write(directory, broken, BASE, TaskType.CAUSAL_LM))
                .hasMessageContaining("no finite numbers");
        assertThat(PrefixDirectory.read(directory, SHAPE).embeddings().sameAs(weights.embeddings()))
                .isTrue();
    }

    @Test
    void otherTensorsAndWhatIsNotFiniteAreRefused() {
        Tensor embeddings = written().embeddings();
        tensors(Map.of("prompt_embeddings", embeddings, "extra", embeddings));
        assertThatThrownBy(() -> PrefixDirectory.read(directory, SHAPE)).hasMessageContaining("nothing else");
        float[] broken = embeddings.values().clone();
        broken[7] = Float.NaN;
        tensors(Map.of("prompt_embeddings", Tensor.of(broken, 5, 48)));
        assertThatThrownBy(() -> PrefixDirectory.read(directory, SHAPE)).hasMessageContaining("no finite numbers");
    }

    private void tensors(Map<String, Tensor> tensors) {
        SafetensorsWriter.write(
                directory.resolve("adapter_model.safetensors"), new TreeMap<>(), new TreeMap<>(tensors));
    }
}
