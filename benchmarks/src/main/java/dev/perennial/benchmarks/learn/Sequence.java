package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tasks that one model learns one after another. It has the labels of all of them from the start. */
record Sequence(List<Task> tasks) {

    /** @param test read only when it is asked for */
    record Task(
            String name,
            List<String> labels,
            List<LabelledText> train,
            List<LabelledText> validation,
            Supplier<List<LabelledText>> test) {

        /** What may be asked while tuning: the validation texts, and the training texts that were not drawn. */
        List<LabelledText> unseen(List<LabelledText> drawn) {
            Set<LabelledText> known = Set.copyOf(drawn);
            return Stream.concat(validation.stream(), train.stream().filter(text -> !known.contains(text)))
                    .toList();
        }
    }

    /** CLINC150's first domains, a task each, in the order of domains.json. */
    static Sequence domains(Clinc clinc, int count) {
        return new Sequence(clinc.domains().entrySet().stream()
                .limit(count)
                .map(domain -> task(clinc, domain))
                .toList());
    }

    private static Task task(Clinc clinc, Map.Entry<String, List<String>> domain) {
        Set<String> labels = Set.copyOf(domain.getValue());
        return new Task(
                domain.getKey(),
                domain.getValue(),
                of(labels, clinc.split("train")),
                of(labels, clinc.split("val")),
                () -> of(labels, clinc.split("test")));
    }

    private static List<LabelledText> of(Set<String> labels, List<LabelledText> texts) {
        return texts.stream().filter(text -> labels.contains(text.label())).toList();
    }

    List<String> labels() {
        return tasks.stream().flatMap(task -> task.labels().stream()).toList();
    }
}
