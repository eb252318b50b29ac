package dev.perennial.benchmarks.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LearnDataTest {
    @TempDir
    Path folder;

    private Clinc clinc() throws IOException {
        Files.writeString(folder.resolve("domains.json"), """
                {"banking": ["pay", "freeze"], "travel": ["book"]}""");
        Files.writeString(folder.resolve("data_full.json"), """
                {"train": [["a", "pay"], ["b", "pay"], ["c", "pay"], ["d", "book"], ["e", "book"], ["f", "freeze"],
                           ["g", "freeze"]],
                 "val": [["h", "book"], ["i", "pay"]], "test": [["j", "freeze"]]}""");
        return Clinc.read(folder);
    }

    @Test
    void a_draw_has_as_many_texts_of_every_intent_and_is_the_same_for_the_same_seed() throws IOException {
        Clinc clinc = clinc();

        List<LabelledText> drawn = clinc.draw(2, 7);

        assertThat(drawn.stream().collect(Collectors.groupingBy(LabelledText::label, Collectors.counting())))
                .isEqualTo(Map.of("pay", 2L, "freeze", 2L, "book", 2L));
        assertThat(clinc.draw(2, 7)).isEqualTo(drawn);
        assertThat(clinc.split("train")).containsAll(drawn);
        assertThatThrownBy(() -> clinc.draw(3, 7)).hasMessage("train has less than 3 texts of freeze");
    }

    @Test
    void every_domain_is_a_task_with_its_own_texts() throws IOException {
        Sequence sequence = Sequence.domains(clinc(), 2);

        assertThat(sequence.labels()).containsExactly("pay", "freeze", "book");
        Sequence.Task first = sequence.tasks().getFirst();
        assertThat(first.train()).extracting(LabelledText::text).containsExactly("a", "b", "c", "f", "g");
        assertThat(first.validation()).extracting(LabelledText::text).containsExactly("i");
        assertThat(first.test().get()).extracting(LabelledText::text).containsExactly("j");
        assertThat(first.unseen(first.train().subList(1, 4)))
                .extracting(LabelledText::text)
                .containsExactly("i", "a", "g");
    }

    @Test
    void a_text_taken_for_another_task_is_right_among_its_own_labels() throws IOException {
        Sequence.Task banking = Sequence.domains(clinc(), 1).tasks().getFirst();
        List<LabelledText> asked = List.of(new LabelledText("a", "pay"), new LabelledText("f", "freeze"));
        List<String> labels = List.of("pay", "freeze", "book");

        Recall recall =
                Recall.of(labels, banking, asked, _ -> List.of(answer("pay", 3, 2, 1), answer("book", 1, 2, 3)));

        assertThat(recall).isEqualTo(new Recall(50, 100));
    }

    private static Classification answer(String label, float... logits) {
        return new Classification(label, 1, logits, logits);
    }

    @Test
    void a_mark_counts_what_is_right_and_how_sure_the_answers_were() {
        List<LabelledText> asked = List.of(new LabelledText("a", "x"), new LabelledText("b", "y"));

        Learner.Mark mark = Learner.Mark.of(
                List.of("x", "y"), List.of(new float[] {0.5f, 0.5f}, new float[] {0.75f, 0.25f}), asked);

        assertThat(mark.accuracy()).isEqualTo(50);
        assertThat(mark.loss()).isCloseTo((Math.log(2) + Math.log(4)) / 2, within(1e-6));
    }

    @Test
    void every_text_is_left_out_once_and_folds_have_like_many_of_a_label() {
        List<LabelledText> texts = List.of(
                new LabelledText("a", "x"),
                new LabelledText("b", "y"),
                new LabelledText("c", "x"),
                new LabelledText("d", "y"));

        List<Round> rounds = Folds.of(texts, List.of("x", "y"), 2, 1);

        assertThat(rounds).allSatisfy(round -> {
            assertThat(round.asked()).extracting(LabelledText::label).containsExactly("x", "y");
            assertThat(round.train()).hasSize(2).doesNotContainAnyElementsOf(round.asked());
        });
        assertThat(rounds.stream().flatMap(round -> round.asked().stream())).containsExactlyInAnyOrderElementsOf(texts);
    }

    @Test
    void settings_are_changed_by_name_and_an_unknown_one_is_refused() {
        TrainingConfig changed = Settings.apply(
                TrainingConfig.defaults(), Map.of("rank", "4", "targets", "query+output.dense", "epochs", "7"));

        TrainingConfig keeping = Settings.apply(
                TrainingConfig.defaults(),
                Map.of("replay", "0.5", "ewc", "10", "noise", "0.3/0.1/5", "frozenLayers", "2", "method", "full"));
        assertThat(keeping.retention()).isEqualTo(new Retention(0.5, 10));
        assertThat(keeping.regularization().noise()).isEqualTo(Noise.usual());
        assertThat(keeping.frozenLayers()).containsExactly(0, 1);
        assertThat(keeping.method()).isEqualTo(new TuningMethod.Full(true, false));
        assertThat(Settings.apply(TrainingConfig.defaults(), Map.of("prefix", "8"))
                        .method())
                .isEqualTo(new TuningMethod.Prefix(8));
        assertThat(changed.method()).isEqualTo(TuningMethod.lora(LoraSettings.of(4, 16, "query", "output.dense")));
        assertThat(changed.schedule().epochs()).isEqualTo(7);
        assertThatThrownBy(() -> Settings.apply(TrainingConfig.defaults(), Map.of("speed", "1")))
                .hasMessageContaining("'speed'");
    }

    @Test
    void the_test_texts_are_refused_to_settings_that_are_not_fixed() throws IOException {
        clinc();

        assertThat(List.of("--set rank=4", "--seeds 4,5,6", "--curve 1"))
                .allSatisfy(change -> assertRefused(
                        "--final " + change, "--final measures what is fixed: leave out --set, --seeds and --curve"));
    }

    @Test
    void tracks_and_arms_that_do_not_exist_are_refused_before_any_work() throws IOException {
        clinc();

        assertRefused(
                "--tracks few,fem",
                "there is no track 'fem'; use some of [few, full, reviews, written-reviews, sequence]");
        assertRefused("--tracks sequence --arms all", "there is no arm 'all'; use some of [plain, replay, ewc, joint]");
    }

    private void assertRefused(String options, String message) {
        CommandLine command = new CommandLine(new LearnCommand()).setExecutionExceptionHandler((e, _, _) -> {
            assertThat(e).hasMessage(message);
            return 42;
        });
        assertThat(command.execute(("--data " + folder + " " + options).split(" ")))
                .isEqualTo(42);
    }
}
