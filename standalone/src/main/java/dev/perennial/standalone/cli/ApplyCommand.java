package dev.perennial.standalone.cli;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecException;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.SampleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Declares a model with what belongs to it. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Declare a model from its spec file. Knowledge files are taken from beside it.",
            "Applying the same files again changes nothing."
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Option(
            names = {"-f", "--file"},
            required = true,
            description = "the model spec, YAML or JSON")
    Path file = Path.of("");

    @Option(names = "--template", description = "a prompt template to upload under the spec's template name")
    @Nullable
    Path template;

    @Option(names = "--evaluation-set", paramLabel = "SET=FILE", description = "an evaluation set, JSON lines or .csv")
    Map<String, Path> evaluationSets = Map.of();

    @Option(names = "--samples", description = "real samples, JSON lines or .csv")
    @Nullable
    Path samples;

    @Override
    public Integer call() throws IOException {
        ModelSpec spec = read();
        try (PerennialClient client = connection.open()) {
            if (template != null) {
                client.putTemplate(spec.generation().template(), Files.readString(template));
            }
            JsonNode declared = client.declare(spec.name(), Files.readString(file));
            for (String knowledge : spec.generation().knowledge()) {
                String content = Files.readString(file.resolveSibling(knowledge));
                Patience.untilKnown(() -> client.putKnowledge(spec.name(), knowledge, content));
            }
            for (Map.Entry<String, Path> set : evaluationSets.entrySet()) {
                String content = Files.readString(set.getValue());
                Patience.untilKnown(() ->
                        client.putEvaluationSet(spec.name(), set.getKey(), content, SampleFormat.of(set.getValue())));
            }
            addSamples(client, spec.name());
            output.show(
                    declared,
                    answer -> "model " + spec.name() + ", spec version "
                            + Output.cell(answer, "specVersion")
                            + (answer.path("changed").asBoolean(true) ? "" : " (unchanged)"));
        }
        return 0;
    }

    private void addSamples(PerennialClient client, String model) throws IOException {
        Path file = samples;
        if (file != null) {
            String content = Files.readString(file);
            Patience.untilKnown(() -> client.addSamples(model, content, SampleFormat.of(file)));
        }
    }

    private ModelSpec read() throws IOException {
        try {
            return SpecReader.read(Files.readString(file));
        } catch (SpecException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
