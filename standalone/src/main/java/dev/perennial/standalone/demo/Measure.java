package dev.perennial.standalone.demo;

import dev.perennial.standalone.client.PerennialClient;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Accuracy through the gateway, on texts whose label is known. No feedback is given, so no decision sees it. */
final class Measure {
    private final PerennialClient client;
    private final String model;
    private int requests;
    private int failed;

    Measure(PerennialClient client, String model) {
        this.client = client;
        this.model = model;
    }

    double accuracy(List<Ticket> tickets) {
        int right = 0;
        for (Ticket ticket : tickets) {
            requests++;
            try {
                JsonNode answer = client.predict(model, ticket.text(), null);
                right += answer.path("label").asString("").equals(ticket.label()) ? 1 : 0;
            } catch (RuntimeException e) {
                failed++;
            }
        }
        return (double) right / tickets.size();
    }

    int requests() {
        return requests;
    }

    int failed() {
        return failed;
    }
}
