package dev.perennial.standalone.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A candidate with a mistake that is made in earnest: an adapter exported with its labels in another order. Every file
 * is well-formed, every answer comes with confidence, and nearly all are wrong.
 */
final class BadAdapter {
    private static final String HEAD = "classifier.json";

    private BadAdapter() {}

    /** The adapter in this directory, zipped, its labels moved on by one. */
    static byte[] of(Path adapter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.list(adapter)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.equals(HEAD) ? rotated(Files.readAllBytes(file)) : Files.readAllBytes(file));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] rotated(byte[] head) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(head);
        List<String> labels = new ArrayList<>();
        json.path("labels").forEach(label -> labels.add(label.asString()));
        Collections.rotate(labels, 1);
        ArrayNode moved = json.putArray("labels");
        labels.forEach(moved::add);
        return JsonMapper.shared().writeValueAsBytes(json);
    }
}
