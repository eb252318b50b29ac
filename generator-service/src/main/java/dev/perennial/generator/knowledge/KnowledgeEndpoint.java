package dev.perennial.generator.knowledge;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.generator.knowledge.KnowledgeStore.Listed;
import dev.perennial.generator.knowledge.KnowledgeStore.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Knowledge files over HTTP. */
@RestController
public final class KnowledgeEndpoint {
    private static final Pattern MODEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final KnowledgeStore knowledge;
    private final DataSize limit;

    KnowledgeEndpoint(KnowledgeStore knowledge, KnowledgeLimit limit) {
        this.knowledge = knowledge;
        this.limit = limit.file();
    }

    /**
     * What was stored and what the lists in it say.
     *
     * @param lists slots that its lists fill
     * @param labels labels that its lists name
     */
    record Understood(
            String model, String file, String sha256, boolean changed, List<String> lists, List<String> labels) {}

    /** What a file holds. */
    record Content(String model, String file, String sha256, String content) {}

    @PutMapping(path = "/api/models/{model}/knowledge/{file}", produces = MediaType.APPLICATION_JSON_VALUE)
    Understood put(@PathVariable String model, @PathVariable String file, @RequestBody String content) {
        check(model, file, content);
        Stored stored = knowledge.put(model, file, content);
        List<KnowledgeLine> lines = KnowledgeLine.read(content);
        return new Understood(
                model,
                file,
                stored.sha256(),
                stored.changed(),
                List.copyOf(
                        new TreeSet<>(lines.stream().map(KnowledgeLine::slot).toList())),
                List.copyOf(new TreeSet<>(lines.stream()
                        .map(KnowledgeLine::label)
                        .filter(Objects::nonNull)
                        .toList())));
    }

    @GetMapping(path = "/api/models/{model}/knowledge", produces = MediaType.APPLICATION_JSON_VALUE)
    List<Listed> list(@PathVariable String model) {
        return knowledge.list(model);
    }

    @GetMapping(path = "/api/models/{model}/knowledge/{file}", produces = MediaType.APPLICATION_JSON_VALUE)
    Content get(@PathVariable String model, @PathVariable String file) {
        String hash = knowledge
                .find(model, file)
                .orElseThrow(() -> ProblemException.notFound(
                        "knowledge-unknown",
                        "Model '" + model + "' has no knowledge file '" + file + "'; send it with PUT /api/models/"
                                + model + "/knowledge/" + file + "."));
        return new Content(
                model, file, hash, knowledge.read(List.of(hash)).files().getFirst());
    }

    private void check(String model, String file, String content) {
        if (!MODEL.matcher(model).matches()) {
            throw ProblemException.badRequest(
                    "invalid-model", "A model is named with lower-case letters, digits and hyphens, at most 63.");
        }
        if (!FILE.matcher(file).matches()) {
            throw ProblemException.badRequest(
                    "invalid-file", "Use a plain file name of letters, digits, dots, hyphens and underscores.");
        }
        if (content.isBlank()) {
            throw ProblemException.badRequest("invalid-knowledge", "Send the file's text as the body; it has none.");
        }
        if (content.indexOf('\0') >= 0) {
            throw ProblemException.badRequest(
                    "invalid-knowledge", "The text has the character U+0000, which cannot be stored; leave it out.");
        }
        long bytes = content.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limit.toBytes()) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "knowledge-too-large",
                    "The file has " + bytes + " bytes and may have " + limit.toBytes()
                            + ": its text goes into every prompt. Split it or raise perennial.generator.knowledge.file.");
        }
    }
}
