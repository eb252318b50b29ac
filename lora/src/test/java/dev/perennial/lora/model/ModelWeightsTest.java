package dev.perennial.lora.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.DecoderWeights;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.half.HalfMatrix;
import dev.perennial.lora.quantization.Nf4Weight;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.tensor.Torch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWeightsTest {
    private static Path encoder(String name) {
        try {
            return Path.of(
                    ModelWeightsTest.class.getResource("/encoders/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertArraysAreThoseOf(Path file, ModelWeights weights) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            assertThat(weights.arrays().keySet()).isEqualTo(tensors.names());
            weights.arrays()
                    .forEach((name, array) -> assertThat(Torch.tensor(array).sameAs(tensors.tensor(name)))
                            .as(name)
                            .isTrue());
        }
    }

    @Test
    void everyTensorOfAFileIsAnArrayOfTheSameNameAndNothingElseIs() {
        try (BertModel model = BertDirectory.load(encoder("roberta"))) {
            assertArraysAreThoseOf(encoder("roberta").resolve("model.safetensors"), model.weights());
        }
        for (String name : List.of("llama", "qwen2-tied")) {
            try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
                assertArraysAreThoseOf(GoldenDecoder.directory(name).resolve("model.safetensors"), model.weights());
            }
        }
    }

    @Test
    void replacingSomeArraysSharesAllOthersAndLeavesTheModelAlone() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                PtNDManager memory = Torch.memory()) {
            Map<String, PtNDArray> before = model.weights().arrays();
            int held = model.memory().getManagedArrays().size();
            Map<String, PtNDArray> mine = new HashMap<>();
            for (String name : List.of("model.norm.weight", "model.layers.1.mlp.up_proj.weight", "lm_head.weight")) {
                mine.put(name, Torch.zeros(memory, before.get(name).getShape().getShape()));
            }
            Map<String, PtNDArray> after = model.weights().with(mine).arrays();
            assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
            after.forEach((name, array) -> assertThat(array).isSameAs(mine.getOrDefault(name, before.get(name))));
            assertThat(model.weights().arrays()).isEqualTo(before);
            assertThat(model.memory().getManagedArrays()).hasSize(held);
        }
    }

    @Test
    void theReplacementOfTiedWordEmbeddingsIsTheHeadToo() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("qwen2-tied"));
                PtNDManager memory = Torch.memory()) {
            PtNDArray words =
                    Torch.zeros(memory, model.weights().words().getShape().getShape());
            DecoderWeights replaced = model.weights().with(Map.of("model.embed_tokens.weight", words));
            assertThat(replaced.words()).isSameAs(words);
            assertThat(replaced.head()).isSameAs(words);
            assertThatThrownBy(() -> model.weights().with(Map.of("lm_head.weight", words)))
                    .hasMessageContaining("lm_head.weight");
        }
    }

    @Test
    void unknownNamesAndOtherShapesAreRefused() {
        try (BertModel model = BertDirectory.load(encoder("bert-sharded"));
                PtNDManager memory = Torch.memory()) {
            PtNDArray three = Torch.zeros(memory, 3);
            assertThatThrownBy(() -> model.weights().with(Map.of("pooler.dense.bias", three)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pooler.dense.bias");
            assertThatThrownBy(() -> model.weights().with(Map.of("embeddings.LayerNorm.bias", three)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot be replaced by [3]");
        }
    }

    @Test
    void aQuantisedModelHasItsLinearsInFourBitsAndSharesTheRest() {
        try (BertModel model = BertDirectory.load(encoder("bert-sharded"));
                PtNDManager memory = Torch.memory()) {
            ModelWeights narrow = model.weights().in(BasePrecision.NF4, memory);
            assertThat(narrow.linears()).hasSameSizeAs(model.weights().linears());
            for (int i = 0; i < narrow.linears().size(); i++) {
                Linear wide = model.weights().linears().get(i);
                Linear linear = narrow.linears().get(i);
                assertThat(linear.path()).isEqualTo(wide.path());
                assertThat(linear.bias()).isSameAs(wide.bias());
                assertThat(linear.weight()
                                .tensor()
                                .sameAs(Nf4Weight.quantize(wide.weight().tensor())
                                        .dequantize()))
                        .isTrue();
            }
            Set<String> linears = narrow.linears().stream()
                    .map(linear -> linear.path() + ".weight")
                    .collect(Collectors.toSet());
            Map<String, PtNDArray> rest = new HashMap<>(model.weights().arrays());
            rest.keySet().removeAll(linears);
            assertThat(narrow.arrays()).isEqualTo(rest);
        }
    }

    @Test
    void aModelThatIsOpenedQuantisedIsTheQuantisedOneWithoutTheWideWeights() {
        Path directory = GoldenDecoder.directory("llama");
        try (DecoderModel wide = DecoderModel.open(directory);
                DecoderModel narrow = DecoderModel.open(directory, BasePrecision.NF4);
                PtNDManager memory = Torch.memory()) {
            List<Linear> expected = wide.weights().in(BasePrecision.NF4, memory).linears();
            for (int i = 0; i < expected.size(); i++) {
                Linear linear = narrow.weights().linears().get(i);
                assertThat(linear.weight()
                                .tensor()
                                .sameAs(expected.get(i).weight().tensor()))
                        .isTrue();
            }
            assertThat(narrow.sha256()).isEqualTo(wide.sha256());
            assertThat(narrow.weights().in(BasePrecision.NF4, memory).linears())
                    .isEqualTo(narrow.weights().linears());
            assertThat(narrow.memory().getManagedArrays())
                    .as("no 32-bit weight of a linear")
                    .noneMatch(array -> array instanceof PtNDArray held
                            && held.getShape().dimension() == 2
                            && held.getDataType() == DataType.FLOAT32
                            && held.getShape().get(0) == wide.config().feedForward());
            assertThatThrownBy(() -> narrow.weights()
                            .with(Map.of(
                                    "model.layers.0.mlp.up_proj.weight",
                                    narrow.weights().words())))
                    .hasMessageContaining("no weight that can be replaced");
        }
    }

    @Test
    void aModelThatIsOpenedInHalfPrecisionTakesHalfAndIsTheNarrowedOne() {
        Path directory = GoldenDecoder.directory("llama");
        try (DecoderModel wide = DecoderModel.open(directory);
                DecoderModel narrow = DecoderModel.open(directory, BasePrecision.FLOAT16);
                PtNDManager memory = Torch.memory()) {
            List<Linear> expected =
                    wide.weights().in(BasePrecision.FLOAT16, memory).linears();
            for (int i = 0; i < expected.size(); i++) {
                Linear linear = narrow.weights().linears().get(i);
                HalfMatrix half = (HalfMatrix) linear.weight();
                assertThat(half.tensor().sameAs(expected.get(i).weight().tensor()))
                        .isTrue();
                assertThat(half.bytes()).isEqualTo(2L * linear.in() * linear.out());
            }
            assertThat(narrow.sha256()).isEqualTo(wide.sha256());
            assertThat(narrow.memory().getManagedArrays())
                    .hasSameSizeAs(wide.memory().getManagedArrays());
            assertThat(held(wide.memory()) - held(narrow.memory()))
                    .as("bytes of 32-bit arrays that are gone")
                    .isEqualTo(wide.weights().linears().stream()
                            .mapToLong(linear -> 4L * linear.in() * linear.out())
                            .sum());
            assertThat(narrow.weights().in(BasePrecision.FLOAT32, memory).linears())
                    .isEqualTo(narrow.weights().linears());
            assertThatThrownBy(() -> narrow.weights().in(BasePrecision.NF4, memory))
                    .hasMessageContaining("is held in FLOAT16, which cannot become NF4");
        }
    }

    private static long held(PtNDManager memory) {
        return memory.getManagedArrays().stream()
                .filter(array -> array.getDataType() == DataType.FLOAT32)
                .mapToLong(array -> 4 * array.size())
                .sum();
    }

    @Test
    void bfloat16IsRefusedOnTheProcessor() {
        Assumptions.assumeFalse(Torch.device().isGpu());
        Path directory = GoldenDecoder.directory("llama");
        assertThatThrownBy(() -> DecoderModel.open(directory, BasePrecision.BFLOAT16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("on CUDA only");
        try (DecoderModel model = DecoderModel.open(directory);
                PtNDManager memory = Torch.memory()) {
            assertThatThrownBy(() -> model.weights().in(BasePrecision.BFLOAT16, memory))
                    .hasMessageContaining("on CUDA only");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "bert-sharded"})
    void namesOfAnEncoderSayWhichLayerTheyBelongTo(String model) {
        try (BertModel encoder = BertDirectory.load(encoder(model))) {
            WeightNames names = encoder.weights().names();
            assertThat(names.layer("embeddings.word_embeddings.weight")).isEqualTo(WeightNames.EMBEDDINGS);
            assertThat(names.layer("embeddings.LayerNorm.bias")).isEqualTo(WeightNames.EMBEDDINGS);
            assertThat(names.layer("encoder.layer.1.output.dense.bias")).isEqualTo(1);
            assertThat(names.layer("encoder.layer.0.attention.self.query.lora_A"))
                    .isZero();
            assertThat(names.layer("classifier.weight")).isEqualTo(2);
            assertThatThrownBy(() -> names.layer("encoder.layer.2.output.dense.bias"))
                    .hasMessageContaining("none of the model's 2 layers");
            assertThatThrownBy(() -> names.layer("encoder.layer.x")).hasMessageContaining("encoder.layer.x");
            assertThat(encoder.weights().arrays().keySet().stream().filter(names::isNorm))
                    .hasSize(2 * (1 + 2 * 2))
                    .allMatch(name -> name.contains("LayerNorm."));
        }
    }

    @Test
    void namesOfADecoderSayWhichLayerTheyBelongTo() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"))) {
            WeightNames names = model.weights().names();
            assertThat(names.layer("model.embed_tokens.weight")).isEqualTo(WeightNames.EMBEDDINGS);
            assertThat(names.layer("model.layers.1.self_attn.q_proj")).isEqualTo(1);
            assertThat(names.layer("model.norm.weight")).isEqualTo(2);
            assertThat(names.layer("lm_head.weight")).isEqualTo(2);
            assertThat(model.weights().arrays().keySet().stream().filter(names::isNorm))
                    .hasSize(1 + 2 * 2);
        }
    }
}
