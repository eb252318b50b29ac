package dev.perennial.lora.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LoraDirectoryTest {
    private static final String LAYER = "model.layers.";
    private static final BaseModel BASE = BaseModel.named("tiny");

    private final DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama3-scaled"));
    private final List<Linear> linears = model.weights().linears();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private LoraWeights peft() {
        return GoldenDecoder.adapter("llama3-scaled", model);
    }

    @Test
    void ranksAndAlphasFollowThePatternsAsInPeft() {
        LoraSettings settings = peft().settings();
        assertThat(settings.rank(LAYER + "0.self_attn.q_proj")).isEqualTo(2);
        assertThat(settings.rank(LAYER + "0.self_attn.v_proj")).isEqualTo(3);
        assertThat(settings.rank(LAYER + "0.self_attn.o_proj")).isEqualTo(4);
        assertThat(settings.rank(LAYER + "1.self_attn.o_proj")).isEqualTo(2);
        assertThat(settings.rank(LAYER + "0.mlp.up_proj")).isEqualTo(2);
        assertThat(settings.rank(LAYER + "1.mlp.up_proj")).isEqualTo(1);
        assertThat(settings.scale(LAYER + "1.self_attn.v_proj")).isCloseTo(7 / 3.0, within(1e-12));
        assertThat(settings.scale(LAYER + "0.self_attn.v_proj")).isCloseTo(4 / 3.0, within(1e-12));
        assertThat(settings.scale(LAYER + "0.mlp.gate_proj")).isCloseTo(1 / 2.0, within(1e-12));
    }

    @Test
    void aRankStabilisedAdapterIsScaledByTheRootOfItsRank() {
        LoraSettings settings = new LoraSettings(
                9, 6, 0, true, List.of("q_proj"), ModulePatterns.none(), ModulePatterns.of(Map.of("1.q_proj", 3.0)));
        assertThat(settings.scale("0.q_proj")).isCloseTo(2, within(1e-12));
        assertThat(settings.scale("1.q_proj")).isCloseTo(1, within(1e-12));
    }

    @Test
    void whatIsWrittenIsReadAgainTheSame() {
        LoraWeights weights = peft();
        LoraDirectory.write(directory, weights, TaskType.CAUSAL_LM, BASE, linears);
        LoraWeights again = LoraDirectory.read(directory, linears);
        assertThat(again.sameAs(weights)).isTrue();
        assertThat(again.settings()).isEqualTo(weights.settings());
        JsonNode json = ConfigJson.read(directory.resolve(LoraDirectory.CONFIG)).json();
        assertThat(json.path("task_type").asString()).isEqualTo("CAUSAL_LM");
        assertThat(json.path("base_model_name_or_path").asString()).isEqualTo("tiny");
        assertThat(json.has("revision")).isFalse();
        assertThat(json.path("target_modules").toString())
                .contains("\"q_proj\"")
                .doesNotContain("layers");
    }

    @Test
    void theCommitOfABaseFromAHubIsItsRevision() {
        LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, new BaseModel("owner/name", "abc"), linears);
        JsonNode json = ConfigJson.read(directory.resolve(LoraDirectory.CONFIG)).json();
        assertThat(json.path("base_model_name_or_path").asString()).isEqualTo("owner/name");
        assertThat(json.path("revision").asString()).isEqualTo("abc");
        assertThat(LoraDirectory.read(directory, linears).sameAs(peft())).isTrue();
    }

    @Test
    void adaptersOfOtherSettingsAreNotTheSame() {
        LoraWeights weights = peft();
        LoraSettings same = weights.settings();
        for (LoraSettings other : List.of(
                new LoraSettings(3, same.alpha(), 0, false, same.targetModules(), same.ranks(), same.alphas()),
                new LoraSettings(same.rank(), 99, 0, false, same.targetModules(), same.ranks(), same.alphas()),
                new LoraSettings(
                        same.rank(), same.alpha(), 0.5, false, same.targetModules(), same.ranks(), same.alphas()),
                new LoraSettings(same.rank(), same.alpha(), 0, true, same.targetModules(), same.ranks(), same.alphas()),
                new LoraSettings(
                        same.rank(), same.alpha(), 0, false, same.targetModules(), same.ranks(), ModulePatterns.none()),
                new LoraSettings(
                        same.rank(),
                        same.alpha(),
                        0,
                        false,
                        same.targetModules(),
                        ModulePatterns.none(),
                        same.alphas()))) {
            assertThat(weights.sameAs(new LoraWeights(other, weights.tensors())))
                    .as(other.toString())
                    .isFalse();
        }
        LoraSettings spelled = same.withTargets(List.of(LAYER + "0.self_attn.q_proj"));
        assertThat(weights.sameAs(new LoraWeights(spelled, weights.tensors()))).isTrue();
    }

    @Test
    void aHeadOrAnotherModelInTheDirectoryIsNotReplaced() throws IOException {
        LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, BASE, linears);
        LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, BASE, linears);
        Files.createFile(directory.resolve("classifier.json"));
        assertThatThrownBy(() -> LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, BASE, linears))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("classifier.json");
    }

    @Test
    void linearsOfSomeLayersOnlyAreNamedInFull() {
        LoraSettings settings = LoraSettings.of(2, 4, LAYER + "1.self_attn.q_proj", "v_proj");
        LoraDirectory.write(directory, LoraWeights.fresh(settings, linears, 1), TaskType.CAUSAL_LM, BASE, linears);
        assertThat(LoraDirectory.read(directory, linears).settings()).isEqualTo(settings);
        assertThat(LoraDirectory.read(directory, linears).tensors().keySet())
                .containsExactly(
                        LAYER + "0.self_attn.v_proj.lora_A",
                        LAYER + "0.self_attn.v_proj.lora_B",
                        LAYER + "1.self_attn.q_proj.lora_A",
                        LAYER + "1.self_attn.q_proj.lora_B",
                        LAYER + "1.self_attn.v_proj.lora_A",
                        LAYER + "1.self_attn.v_proj.lora_B");
    }

    @Test
    void aFreshAdapterChangesNothingAndIsGivenByItsSeed() {
        LoraWeights weights = LoraWeights.fresh(peft().settings(), linears, 1);
        assertThat(weights.tensor(LAYER + "0.self_attn.o_proj.lora_A").shape()).containsExactly(4L, 16L);
        weights.tensors().forEach((name, tensor) -> {
            if (name.endsWith(LoraWeights.B)) {
                assertThat(tensor.values()).containsOnly(0);
            } else {
                for (float value : tensor.values()) {
                    assertThat(value)
                            .isBetween((float) -Math.sqrt(1.0 / tensor.shape().get(1)), (float)
                                    Math.sqrt(1.0 / tensor.shape().get(1)));
                }
            }
        });
        assertThat(weights.sameAs(LoraWeights.fresh(peft().settings(), linears, 1)))
                .isTrue();
        assertThat(weights.sameAs(LoraWeights.fresh(peft().settings(), linears, 2)))
                .isFalse();
        assertThatThrownBy(() -> LoraWeights.fresh(LoraSettings.of(1, 1, "query"), linears, 1))
                .hasMessageContaining("no linear of the model is called 'query'");
    }

    @Test
    void aConfigThatIsNotSupportedIsRefused() throws IOException {
        LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, BASE, linears);
        refused("\"LORA\"", "\"IA3\"", "peft_type must be 'LORA'");
        refused("\"bias\" : \"none\"", "\"bias\" : \"all\"", "bias is 'all'");
        refused("\"use_dora\" : false", "\"use_dora\" : true", "use_dora is not supported");
        refused("\"r\" : 2", "\"r\" : 0", "r must be a number from 1");
        refused("\"r\" : 2", "\"r\" : 1000", "rank must be 1 to 512");
        refused("\"r\" : 2", "\"r\" : 8", "has the shape [2, 16], not [8, 16]");
        refused("\"lora_alpha\" : 4", "\"lora_alpha\" : -4", "lora_alpha must be a number above 0");
        refused("\"lora_alpha\" : 4", "\"lora_alpha\" : 1e999", "lora_alpha must be a number above 0");
        refused("\"lora_dropout\" : 0.0", "\"lora_dropout\" : 1", "lora_dropout must be a number of at least 0");
        refused("\"lora_dropout\" : 0.0", "\"lora_dropout\" : \"x\"", "lora_dropout must be a number of at least 0");
        refused("\"v_proj\" : 3", "\"v_proj\" : 4000", "rank must be 1 to 512");
        refused("\"v_proj\" : 3", "\"v_proj\" : \"x\"", "v_proj must be a number");
        refused("\"v_proj\" : 3", "\"(v_proj\" : 3", "'(v_proj' is no regular expression");
        refused("\"v_proj\" : 3", "\"(v_proj|){2000000000}\" : 3", "has a '{', '(?'");
        refused("\"r\" : 2", "\"r\" : 2, \"modules_to_save\" : [\"lm_head\"]", "modules_to_save is not supported");
    }

    private void refused(String from, String to, String message) throws IOException {
        Path file = directory.resolve(LoraDirectory.CONFIG);
        String config = Files.readString(file);
        assertThat(config).contains(from);
        Files.writeString(file, config.replace(from, to));
        assertThatThrownBy(() -> LoraDirectory.read(directory, linears))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
        Files.writeString(file, config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(|)", "(^)?", "(.*.*)*", "(a|a|q)*", ".*", "(.?)"})
    void aPatternThatWouldTakeForEverElsewhereTakesNoTime(String part) {
        String pattern = part.repeat(255 / part.length());
        for (String hard : List.of(pattern, pattern + "!")) {
            ModulePatterns<Integer> patterns = ModulePatterns.of(Map.of(hard, 1));
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> patterns.of(LAYER + "0.self_attn.q_proj", 2), hard);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            q_proj = true
            proj = false
            layers.0.self_attn.q_proj = true
            layers\\.(0|1|2)\\..*q_proj = true
            layers\\.[1-9]\\..*q_proj = false
            ^model.*[qkv]_proj$ = true
            ^layers.*q_proj = false
            .*\\.\\d+\\.\\w+\\.q_proj = true
            0.*q_proj|1.*v_proj = true
            self_attn.(q|v)_pro+j? = true
            layers.0.self_attn.[^kv]_proj = true
            q\\_proj = true
            []q]_proj = true
            """) // by Python's re
    void aPatternMeansWhatItMeansToPython(String pattern, boolean fits) {
        assertThat(ModulePatterns.of(Map.of(pattern, true)).of(LAYER + "0.self_attn.q_proj", false))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=q)q_proj",
                "(q)\\1",
                "q++",
                "\\pL",
                "[[:alpha:]]",
                "\\Qq\\E",
                "q_proj\\Z",
                "q{2}",
                "*",
                "(",
                "[",
                "\\"
            })
    void aPatternThatPythonOrRe2ReadsOtherwiseIsRefused(String pattern) {
        assertThatThrownBy(() -> ModulePatterns.of(Map.of(pattern, 1))).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void patternsBeyondTheirLimitsAreRefused() {
        Map<String, Integer> many = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            many.put("q".repeat(200) + i, 1);
        }
        assertThatThrownBy(() -> ModulePatterns.of(many)).hasMessageContaining("characters of them");
        assertThatThrownBy(() -> ModulePatterns.of(Map.of("q".repeat(300), 1))).hasMessageContaining("longer than 256");
    }

    @Test
    void tensorsOfOtherModelsAndWithoutNumbersAreRefused() {
        LoraDirectory.write(directory, peft(), TaskType.CAUSAL_LM, BASE, linears);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        peft().tensors().forEach((name, tensor) -> tensors.put("base_model.model." + name + ".weight", tensor));
        String first = tensors.firstKey();
        refused(
                tensors,
                "base_model.model.lm_head.lora_A.weight",
                Tensor.of(new float[2], 2, 1),
                "belongs to no linear");
        refused(tensors, first + ".more", Tensor.of(new float[2], 2, 1), "belongs to no linear");
        refused(tensors, "base_model.model..weight", Tensor.of(new float[2], 2, 1), "belongs to no linear");
        float[] values = tensors.get(first).values().clone();
        values[0] = Float.NaN;
        refused(tensors, first, new Tensor(tensors.get(first).shape(), values), "no finite numbers");
        assertThatThrownBy(() -> LoraDirectory.read(directory, List.of()))
                .hasMessageContaining("adapts no linear of the model");
    }

    private void refused(SortedMap<String, Tensor> tensors, String name, Tensor tensor, String message) {
        SortedMap<String, Tensor> changed = new TreeMap<>(tensors);
        changed.put(name, tensor);
        SafetensorsWriter.write(directory.resolve(LoraDirectory.TENSORS), new TreeMap<>(), changed);
        assertThatThrownBy(() -> LoraDirectory.read(directory, linears))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
