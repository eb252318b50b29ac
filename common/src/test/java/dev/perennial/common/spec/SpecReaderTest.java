package dev.perennial.common.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {
    private static final String SMALLEST = """
            name: broadband-support
            task: {type: classification, labels: [gateway_offline, slow_wifi]}
            baseModel: all-minilm-l6-v2
            evaluation: {sets: [holdout]}
            """;

    @Test
    void a_name_a_task_a_base_model_and_an_evaluation_set_are_enough() {
        ModelSpec spec = SpecReader.read(SMALLEST);

        assertThat(spec.training().rank()).isEqualTo(8);
        assertThat(spec.scheduling().mix()).isEqualTo(Mix.AUTO);
        assertThat(spec.rollout().steps()).containsExactly(5, 25, 50, 100);
        assertThat(spec.task().language()).isEqualTo("en");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void the_spec_of_the_readme_is_read(String readme) throws IOException {
        String page = Files.readString(Path.of("..", readme));

        String yaml = page.split("```yaml\n", 2)[1].split("```", 2)[0];

        assertThat(SpecReader.read(yaml).generation().template()).isEqualTo("tickets");
    }

    @Test
    void a_required_key_that_is_misspelt_is_named() {
        assertThatThrownBy(() -> SpecReader.read(SMALLEST.replace("baseModel", "basemodel")))
                .hasMessageStartingWith("The model spec is refused. a model spec needs a baseModel; basemodel: is not a"
                        + " known key; known keys here: name, task, baseModel,");
    }

    @Test
    void every_part_is_read_as_people_write_it() {
        ModelSpec spec = SpecReader.read(SMALLEST + """
                scheduling: {every: 250 samples, mix: {synthetic: 1, real: 2}, replay: {size: 10}}
                training: {learningRate: 2.0e-3, earlyStop: {patience: 5}}
                rollout: {steps: [10, 100], window: 90s, onInconclusive: rollBack}
                """);

        assertThat(spec.scheduling().every()).isEqualTo(new Every(250));
        assertThat(spec.scheduling().mix()).isEqualTo(new Mix(true, 1, 2));
        assertThat(spec.training().learningRate()).isEqualTo(2e-3);
        assertThat(spec.training().earlyStop().patience()).isEqualTo(5);
        assertThat(spec.rollout().window()).isEqualTo(Duration.ofSeconds(90));
        assertThat(spec.rollout().onInconclusive()).isEqualTo(RolloutSpec.OnInconclusive.ROLL_BACK);
    }

    @Test
    void what_was_written_reads_back_equal() {
        ModelSpec spec = SpecReader.read(SMALLEST + "scheduling: {mix: {synthetic: 2, real: 1}}\n");

        assertThat(SpecReader.readStored(SpecReader.write(spec))).isEqualTo(spec);
        assertThat(SpecReader.read(SpecReader.write(spec))).isEqualTo(spec);
    }

    @Test
    void a_stored_spec_of_a_newer_version_still_reads() {
        String newer = SpecReader.write(SpecReader.read(SMALLEST)).replaceFirst("\\{", "{\"invented\":1,");

        assertThat(SpecReader.readStored(newer)).isEqualTo(SpecReader.read(SMALLEST));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            training: {rnak: 8}                       | training.rnak
            training: {rank: 0}                       | training.rank
            training: {rank: eight}                   | training.rank
            training: {method: prefix}                | training.method
            rollout: {steps: [50, 25, 100]}           | rollout.steps[1]
            rollout: {steps: [5, 25]}                 | rollout.steps
            rollout: {window: soon}                   | rollout.window
            rollout: {onInconclusive: shrug}          | rollout.onInconclusive
            scheduling: {every: often}                | scheduling.every
            scheduling: {mix: {synthetic: 1}}         | scheduling.mix
            generation: {difficulty: {easy: 0.5}}     | generation.difficulty
            generation: {knowledge: [../../etc/x]}    | generation.knowledge
            quality: {duplicates: {threshold: 2}}     | quality.duplicates.threshold
            quality: {length: {max: 50001}}           | quality.length.max
            training: {targets: ['']}                 | training.targets
            training: {targets: [query, a b]}         | training.targets
            language: en                              | language
            """)
    void a_wrong_part_is_refused_with_its_path(String part, String path) {
        SpecException refused = catchThrowableOfType(SpecException.class, () -> SpecReader.read(SMALLEST + part));

        assertThat(refused).isNotNull();
        assertThat(refused.violations()).extracting(Violation::path).contains(path.strip());
    }

    @Test
    void a_spec_too_large_for_one_event_is_refused_with_the_limits() {
        SpecException refused = catchThrowableOfType(
                SpecException.class,
                () -> SpecReader.read(SMALLEST.replace("gateway_offline, slow_wifi", numbered("l", 2001))
                        + "quality: {rules: [" + numbered("r", 101) + "]}\n"
                        + "generation: {styles: [" + numbered("s", 101) + "], knowledge: [" + numbered("k", 101)
                        + "]}\n"));

        assertThat(refused.violations())
                .extracting(Violation::path)
                .containsExactly("task.labels", "quality.rules", "generation.styles", "generation.knowledge");
        assertThat(refused).hasMessageContaining("2001 are given; use at most 2000 labels");
        assertThat(SpecReader.read(SMALLEST.replace("gateway_offline, slow_wifi", numbered("l", 2000)))
                        .task()
                        .labels())
                .hasSize(2000);
    }

    @Test
    void a_key_given_twice_is_refused() {
        assertThatThrownBy(() -> SpecReader.read(SMALLEST + "training: {rank: 8}\ntraining: {rank: 16}\n"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("given twice at line 6");
    }

    @Test
    void a_nul_character_is_refused_with_its_path() {
        SpecException refused = catchThrowableOfType(
                SpecException.class,
                () -> SpecReader.read(
                        SMALLEST.replace("slow_wifi", "\"slow\\0wifi\"") + "generation: {template: \"a\\0b\"}\n"));

        assertThat(refused.violations())
                .extracting(Violation::path)
                .containsExactly("task.labels[1]", "generation.template");
        assertThat(refused).hasMessageContaining("NUL");
    }

    @Test
    void an_unknown_key_is_refused_with_the_keys_that_exist() {
        assertThatThrownBy(() -> SpecReader.read(SMALLEST + "training: {rnak: 8}\n"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("training.rnak")
                .hasMessageContaining("rank");
    }

    @Test
    void all_contradictions_are_told_at_once() {
        SpecException refused = catchThrowableOfType(
                SpecException.class,
                () -> SpecReader.read(SMALLEST.replace("[gateway_offline, slow_wifi]", "[a, a]")
                        + "training: {epochs: 0, clipNorm: -1}\n"));

        assertThat(refused.violations())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("task.labels[1]", "training.epochs", "training.clipNorm");
    }

    @Test
    void a_missing_required_part_is_named() {
        assertThatThrownBy(
                        () -> SpecReader.read("name: x\ntask: {type: classification, labels: [a, b]}\nbaseModel: y\n"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("evaluation.sets");
    }

    private static String numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).collect(Collectors.joining(", "));
    }

    @Test
    void broken_yaml_and_an_empty_document_are_refused() {
        for (String document : List.of("", "name: [", "42", "- a")) {
            assertThatThrownBy(() -> SpecReader.read(document)).isInstanceOf(SpecException.class);
        }
    }
}
