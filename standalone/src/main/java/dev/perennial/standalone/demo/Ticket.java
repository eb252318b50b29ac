package dev.perennial.standalone.demo;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A customer's request and what it is really about. */
record Ticket(String text, String label) {

    /** Reads JSON lines. */
    static List<Ticket> read(String jsonLines) {
        return jsonLines
                .lines()
                .filter(line -> !line.isBlank())
                .map(Ticket::one)
                .toList();
    }

    private static Ticket one(String line) {
        JsonNode json = JsonMapper.shared().readTree(line);
        return new Ticket(json.path("text").asString(), json.path("label").asString());
    }
}
